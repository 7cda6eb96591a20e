#include "program.hpp"

#include <lamina/lamina.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace ln = lamina;

namespace {

const Bytes fashion_labels = {9, 0, 0, 3, 0, 2, 7, 2, 5, 5}, digit_labels = {5, 0, 4, 1, 9, 2, 1, 3, 1, 4};

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != text.npos;
}

std::size_t widest_line(const std::string& text) {
    std::istringstream lines{text};
    std::size_t widest = 0;
    for (std::string line; std::getline(lines, line);)
        widest = std::max(widest, line.size());
    return widest;
}

void check_failure(const Run& run, int status, const std::string& err) {
    CHECK(run.status == status);
    CHECK(run.out == "");
    CHECK(run.err == err);
}

void check_usage(const std::string& words, const std::string& fault) {
    const Program program{fashion_labels};
    check_failure(program(words), 2, "fashion: " + fault + "\nTry: fashion --help\n");
}

} // namespace

TEST_CASE("an epoch of training shows the network, its progress, its accuracy and its confusions") {
    const Program program{fashion_labels};
    const Run run = program.train();
    CHECK(run.status == 0);
    CHECK(contains(run.out, "Fashion-MNIST: 70 images of 1x28x28 to train with, 35 to test with\n"));
    CHECK(contains(run.out, "Conv<16,3,1>"));
    CHECK(contains(run.out, "27210"));
    CHECK(contains(run.err, "epoch 1/1  loss "));
    CHECK(contains(run.out, "test accuracy 0."));
    CHECK(contains(run.out, "trained on 1 x 70 images in "));
    CHECK(contains(run.out, "\nactual       T-shir  Trouse  Pullov   Dress    Coat  Sandal   Shirt  Sneake   "
                            "  Bag  Ankle     right\n"));
    CHECK(contains(run.out, "\nAnkle boot "));
    CHECK(widest_line(run.out.substr(0, run.out.find("learning curves: "))) <= 100);
    CHECK(widest_line(run.err) <= 100);
}

TEST_CASE("training writes its learning curves as a well-formed picture") {
    const Program program{fashion_labels};
    REQUIRE(program.train().status == 0);
    const std::string path = program.output() + "/card.svg", picture = file_text(path);
    CHECK(picture.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
    CHECK(picture.ends_with("</svg>\n"));
    CHECK(contains(picture, ">card on Fashion-MNIST</text>"));
    if (std::system("xmllint --version >/dev/null 2>&1") == 0)
        CHECK(std::system(("xmllint --noout --nonet " + path).c_str()) == 0);
}

TEST_CASE("a picture of an earlier training is replaced, never overwritten") {
    const Program program{fashion_labels};
    std::filesystem::create_directories(program.output());
    const std::string path = program.output() + "/card.svg", kept = program.output() + "/kept";
    std::ofstream{path} << "older";
    std::filesystem::create_hard_link(path, kept);
    REQUIRE(program.train().status == 0);
    CHECK(file_text(path).starts_with("<svg "));
    CHECK(file_text(kept) == "older");
}

TEST_CASE("training writes weights that its network loads") {
    using Card = ln::Net<ln::Conv<16, 3, 1>, ln::LeakyReLU<>, ln::MaxPool<2, 2>, ln::Dense<10>>;
    const Program program{fashion_labels};
    REQUIRE(program.train().status == 0);
    ln::Model<Card, ln::Shape<1, 28, 28>> model;
    ln::load(model, program.output() + "/card.safetensors");
    CHECK(model.weight<0>()[0] != 0);
}

TEST_CASE("the same seed trains to the same weights, another seed to others") {
    const Program program{fashion_labels};
    const auto weights = [&](const std::string& seed) {
        REQUIRE(program.train("--seed=" + seed).status == 0);
        return file_text(program.output() + "/card.safetensors");
    };
    const std::string first = weights("7");
    CHECK(weights("7") == first);
    CHECK(weights("8") != first);
}

TEST_CASE("a run that is resumed ends with the weights of one that was not interrupted") {
    const Program program{fashion_labels};
    const auto train = [&](const std::string& options) {
        return program(program.folder() + " --learning-rate 1e-3 --batch 32 --output " + program.output() +
                       ' ' + options);
    };
    REQUIRE(train("--epochs 6").status == 0);
    const std::string whole = file_text(program.output() + "/card.safetensors");
    CHECK(std::filesystem::exists(program.output() + "/card.best.safetensors"));
    REQUIRE(train("--epochs 3").status ==
            0); // the rate falls in the last third of these, so not the same run
    const Run other = train("--epochs 6 --resume");
    CHECK(other.status == 1);
    CHECK(contains(other.err, "fashion: fit: the run to resume was to have 3 epochs, found 6, "));

    REQUIRE(train("--epochs 6").status == 0);
    const Run over = train("--epochs 6 --resume");
    CHECK_MESSAGE(over.status == 0, over.err);
    CHECK(contains(over.out, "the run was over already\n"));
    CHECK(file_text(program.output() + "/card.safetensors") == whole);
}

TEST_CASE("a run that is killed is resumed, and ends with the same weights") {
    const Program program{fashion_labels};
    const std::string options = " --epochs 120 --output " + program.output();
    REQUIRE(program(program.folder() + options).status == 0);
    const std::string path = program.output() + "/card.safetensors", whole = file_text(path);
    std::filesystem::remove_all(program.output());
    const std::string killed = "timeout -s KILL 0.2 " LAMINA_FASHION " " + program.folder() + options;
    (void)std::system((killed + " >/dev/null 2>&1").c_str()); // on a fast machine it may have ended by itself
    const Run run = program(program.folder() + options + " --resume");
    CHECK_MESSAGE(run.status == 0, run.err);
    CHECK(file_text(path) == whole);
}

TEST_CASE("a data set that is not known is named after its folder") {
    const Program program{{}};
    const Run run = program.train();
    CHECK(run.out.starts_with(std::filesystem::path{program.folder()}.filename().string() + ": 70 images"));
    CHECK(contains(run.out, "\n9          "));
}

TEST_CASE("every network for grey images of 28x28 trains") {
    const Program program{digit_labels};
    for (const std::string network : {"card", "lenet5", "mlp"}) {
        const Run run = program.train("--network " + network);
        CHECK_MESSAGE(run.status == 0, run.err);
        CHECK(run.out.starts_with("MNIST: 70 images"));
        CHECK(contains(run.out, "\n9          "));
        CHECK(std::filesystem::exists(program.output() + "/" + network + ".safetensors"));
    }
}

TEST_CASE("vgg-small trains on colour images of 32x32, and says so of others") {
    const Program colours{{}, {3, 32, 32}, 2};
    const Run run = colours.train("--network vgg-small");
    CHECK_MESSAGE(run.status == 0, run.err);

    const Program grey{fashion_labels};
    const Run misfit = grey.train("--network vgg-small");
    CHECK(misfit.status == 1);
    CHECK(misfit.err == "fashion: vgg-small is for images of 3x32x32, those of Fashion-MNIST are 1x28x28\n");
}

TEST_CASE("mobilenet and resnet8 train on grey images of up to 32x32, and say so of others") {
    const Program grey{{}, {28, 28}, 3}, large{{}, {33, 32}, 3}, colours{{}, {3, 32, 32}, 3};
    for (const std::string network : {"mobilenet", "resnet8"}) {
        const Run run = grey.train("--network " + network);
        CHECK_MESSAGE(run.status == 0, run.err);
        CHECK(contains(run.out, "trained on 1 x 3 images in "));
        CHECK(contains(run.out, "\n9          "));
        CHECK(std::filesystem::exists(grey.output() + "/" + network + ".safetensors"));
        CHECK(widest_line(run.out.substr(0, run.out.find("learning curves: "))) <= 100);

        const auto fault = [&](const Program& program, const std::string& shape) {
            return "fashion: " + network + " is for images of 1x32x32 or smaller, those of " +
                   std::filesystem::path{program.folder()}.filename().string() + " are " + shape + "\n";
        };
        CHECK(large.train("--network " + network).err == fault(large, "1x33x32"));
        CHECK(colours.train("--network " + network).err == fault(colours, "3x32x32"));
    }
}

TEST_CASE("a command line that makes no sense ends with status 2 and says what is expected") {
    const std::string whole = ": expected a whole number from ",
                      names = "card, lenet5, mlp, mobilenet, resnet8 or vgg-small";
    check_usage("--network resnet", "--network: expected " + names + ", found resnet");
    check_usage("--network", "--network: expected " + names + ", found nothing");
    check_usage("--epochs 0", "--epochs" + whole + "1 to 10000, found 0");
    check_usage("--epochs=3x", "--epochs" + whole + "1 to 10000, found 3x");
    check_usage("--batch -1", "--batch" + whole + "1 to 1000000, found -1");
    check_usage("--batch 1e3", "--batch" + whole + "1 to 1000000, found 1e3");
    check_usage("--learning-rate nan", "--learning-rate: expected a number from 1e-9 to 100, found nan");
    check_usage("--learning-rate fast", "--learning-rate: expected a number from 1e-9 to 100, found fast");
    check_usage("--seed 18446744073709551616",
                "--seed" + whole + "0 to 2^64 - 1, found 18446744073709551616");
    check_usage("--output=", "--output: expected a folder, found nothing");
    check_usage("--momentum 0.9", "unknown option --momentum");
    check_usage("-x", "unknown option -x");
    check_usage("here there", "folder: expected only one, found here and there");
}

TEST_CASE("a folder without images, or that cannot be written to, ends with status 1 and says why") {
    const Program program{fashion_labels};
    const std::string absent = program.folder() + "/absent",
                      file = program.folder() + "/t10k-labels-idx1-ubyte";
    check_failure(program(absent), 1,
                  "fashion: " + absent +
                      ": expected a folder of IDX files, found none: No such file or directory\n");
    const Run run = program(program.folder() + " --output " + file);
    CHECK(run.status == 1);
    CHECK(run.err ==
          "fashion: " + file + ": expected a folder that can be written to, found: Not a directory\n");
}

TEST_CASE("a learning rate at which training breaks down ends with status 1 and says so") {
    const Program program{fashion_labels};
    const Run run = program.train("--learning-rate 100 --epochs 50");
    CHECK(run.status == 1);
    CHECK(contains(run.err, "fashion: the loss or a parameter is no longer finite in epoch "));
    CHECK_FALSE(std::filesystem::exists(program.output() + "/card.safetensors"));
}

TEST_CASE("--help names every option, in lines that fit a terminal") {
    const Program program{fashion_labels};
    for (const std::string option : {"--help", "-h", "--epochs 3 --help"}) {
        const Run run = program(option);
        CHECK(run.status == 0);
        CHECK(run.err == "");
        for (const std::string name :
             {"folder", "--network", "--epochs", "--batch", "--learning-rate", "--seed", "--output", "--help",
              "(9; mobilenet: 10; resnet8: 10)", "(0.02; mobilenet: 0.1; resnet8: 0.1)",
              "card, lenet5, mlp, mobilenet, resnet8 or vgg-small"})
            CHECK(contains(run.out, name));
        CHECK(widest_line(run.out) <= 100);
    }
}
