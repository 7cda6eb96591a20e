#include <lamina/train/fit.hpp>
#include <lamina/train/progress.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace ln = lamina;

namespace {

struct Close {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};

/// A file that f writes to, as text.
template <class F>
std::string written(F f) {
    const std::unique_ptr<std::FILE, Close> file{std::tmpfile()};
    REQUIRE(file);
    f(file.get());
    std::rewind(file.get());
    std::string text(4096, '\0');
    text.resize(std::fread(text.data(), 1, text.size(), file.get()));
    return text;
}

} // namespace

TEST_CASE("progress: seconds as people read clocks") {
    CHECK(ln::clock_text(0) == "0:00");
    CHECK(ln::clock_text(5.4) == "0:05");
    CHECK(ln::clock_text(59.6) == "1:00");
    CHECK(ln::clock_text(65) == "1:05");
    CHECK(ln::clock_text(3599) == "59:59");
    CHECK(ln::clock_text(3600) == "1:00:00");
    CHECK(ln::clock_text(7325) == "2:02:05");
    CHECK(ln::clock_text(360'000) == "100:00:00");
}

TEST_CASE("progress: a file is no terminal") {
    (void)written([](std::FILE* file) { CHECK(!ln::is_terminal(file)); });
}

TEST_CASE("progress: a bar shows the share of the work, its speed and the loss") {
    const std::string text = written([](std::FILE* file) {
        ln::ProgressBar bar{file, true, 200};
        bar.show("epoch 1/2", 50, 0.12345);
    });
    CHECK(text.find("\repoch 1/2 [") == 0);
    CHECK(std::count(text.begin(), text.end(), '=') == 8); // a quarter of 30, begun ones included
    CHECK(text.find("] ") - text.find('[') == 31);
    CHECK(text.find(" 25%") != std::string::npos);
    CHECK(text.find(" samples/s ") != std::string::npos);
    CHECK(text.find(" left  loss 0.1235 ") != std::string::npos);
    CHECK(text.find('\n') == std::string::npos);
}

TEST_CASE("progress: a bar is empty at first and full at last") {
    const auto bars = [](double done) {
        const std::string text = written([&](std::FILE* file) {
            ln::ProgressBar{file, true, 60}.show("", done, 0);
        });
        return std::count(text.begin(), text.end(), '=');
    };
    CHECK(bars(0) == 0);
    CHECK(bars(60) == 30);
}

TEST_CASE("progress: a bar is drawn again after a tenth of a second, not at every step") {
    const std::string text = written([](std::FILE* file) {
        ln::ProgressBar bar{file, true, 1000};
        for (int i = 0; i < 1000; ++i) // far less than a second
            bar.show("x", i, 0);
    });
    CHECK(std::count(text.begin(), text.end(), '\r') < 10);
}

TEST_CASE("progress: clearing takes the bar off its line, and what was not drawn needs none") {
    const std::string drawn = written([](std::FILE* file) {
        ln::ProgressBar bar{file, true, 10};
        bar.show("x", 1, 0);
        bar.clear();
        bar.clear();
    });
    CHECK(drawn.substr(drawn.rfind('\r')) == "\r\x1b[K");
    CHECK(std::count(drawn.begin(), drawn.end(), '\r') == 2);
    CHECK(written([](std::FILE* file) { ln::ProgressBar{file, true, 10}.clear(); }).empty());
}

TEST_CASE("progress: where no bar is wanted nothing is written") {
    CHECK(written([](std::FILE* file) {
              ln::ProgressBar bar{file, false, 10};
              bar.show("x", 1, 0);
              bar.clear();
          }).empty());
}

TEST_CASE("progress: the line of an epoch is plain text, with validation where there was one") {
    ln::EpochReport r;
    r.epoch = 2;
    r.epochs = 5;
    r.loss = 0.4321;
    r.seconds = 61;
    r.samples_per_second = 98765.4;
    CHECK(ln::detail::epoch_line(r) == "epoch 2/5  loss 0.4321  98765 samples/s  1:01\n");
    r.validation.samples = 10;
    r.validation.loss = 0.5;
    CHECK(ln::detail::epoch_line(r) ==
          "epoch 2/5  loss 0.4321  validation loss 0.5000  98765 samples/s  1:01\n");
    r.validation.accuracy = 0.875;
    CHECK(ln::detail::epoch_line(r) ==
          "epoch 2/5  loss 0.4321  validation loss 0.5000  accuracy 0.8750  98765 samples/s  1:01\n");
}

TEST_CASE("progress: losses have as many digits as tell something, whatever their size") {
    CHECK(ln::loss_text(2.302585) == "2.3026");
    CHECK(ln::loss_text(0.43214) == "0.4321");
    CHECK(ln::loss_text(0.012345678) == "0.01235");
    CHECK(ln::loss_text(3.14159e-6) == "3.142e-06");
    CHECK(ln::loss_text(12345.678) == "12345.6780");
    CHECK(ln::loss_text(1e308) == "1.000e+308");
    CHECK(ln::loss_text(-0.25) == "-0.2500");
    CHECK(ln::loss_text(0) == "0.000");
    ln::EpochReport r;
    r.loss = 3e-6;
    r.validation.samples = 1;
    r.validation.loss = 4e-6;
    CHECK(ln::detail::epoch_line(r) ==
          "epoch 0/0  loss 3.000e-06  validation loss 4.000e-06  0 samples/s  0:00\n"); // no labels, no
                                                                                        // accuracy
    CHECK(written([](std::FILE* file) {
              ln::ProgressBar{file, true, 60}.show("", 30, 3e-6);
          }).find("  loss 3.000e-06 ") != std::string::npos);
}

TEST_CASE("progress: speeds of any size fit") {
    ln::EpochReport r;
    r.samples_per_second = 1e308;
    CHECK(ln::detail::epoch_line(r).size() > 300);
}

TEST_CASE("progress: a training loss that does not fall at the beginning is told once") {
    const auto told = [](std::vector<double> losses, int first = 1, int classes = 0) {
        ln::detail::LossWatch watch;
        std::string all;
        ln::EpochReport r;
        r.epoch = first;
        r.learning_rate = 0.5;
        for (const double loss : losses) {
            r.loss = loss;
            all += watch.after(r, classes);
            ++r.epoch;
        }
        return all;
    };
    CHECK(
        told({2.31, 2.3041, 2.3046, 2.3051}) ==
        "the training loss has not fallen in epoch 3 (2.3046 after 2.3041). Try another learning rate (0.5), "
        "inputs scaled to about -1 to 1; check that labels go with their inputs\n");
    CHECK(told({2.3, 2.3}).find("in epoch 2 (2.3000 after 2.3000)") != std::string::npos);
    CHECK(told({2.3, 2.2, 2.15}).empty());            // falls
    CHECK(told({2.3, 0.5, 0.51, 0.5, 0.52}).empty()); // noise, where much was learnt
    CHECK(told({0.5, 0.51, 0.52}, 7).empty());        // resumed: what came before is not known
    CHECK(told({1.5}).empty());
    CHECK(told({5.186e5, 6e5, 7e5}, 1, 9) == "the training loss of epoch 1 (5.186e+05) is far above that of "
                                             "guessing (2.1972). Try inputs scaled to "
                                             "about -1 to 1, or another learning rate (0.5)\n");
    CHECK(told({21.9, 5, 4}, 1, 9).empty());
    CHECK(told({5.186e5, 4e5, 3e5}, 2, 9).empty());
    CHECK(told({5.186e5, 4e5}, 1, 0).empty()); // a loss without classes
}

TEST_CASE("progress: a run that ended early, or with other parameters than its last, says so") {
    ln::FitReport r{.epochs = 9};
    const auto line = [&](ln::Patience patience, bool before = false) {
        return ln::detail::end_line(r, patience, before);
    };
    CHECK(line(0).empty());
    CHECK(line(3).empty());
    r.best_epoch = 9;
    r.best = 3e-6;
    CHECK(line(3).empty());
    r.best_epoch = 6;
    CHECK(line(0).empty());
    CHECK(line(3) == "ended after epoch 9, with the parameters of epoch 6: validation loss 3.000e-06\n");
    r.ended = ln::Ended::patience;
    CHECK(line(3) ==
          "ended after epoch 9 by patience, with the parameters of epoch 6: validation loss 3.000e-06\n");
    r.best = 0.875;
    CHECK(
        line({3, ln::Metric::accuracy}, true) ==
        "had ended after epoch 9 by patience, with the parameters of epoch 6: accuracy 0.8750; to go on, ask "
        "for more patience\n");
    r.ended = ln::Ended::on_epoch;
    CHECK(line(0) == "ended after epoch 9 by on_epoch\n");
    CHECK(line(0, true) ==
          "had ended after epoch 9 by on_epoch; to go on, ask for more epochs than before\n");
    r.ended = ln::Ended::all_epochs;
    CHECK(line(0, true) == "had ended after epoch 9; to go on, ask for more epochs than before\n");
}
