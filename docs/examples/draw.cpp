// Draw a digit: a drawing of characters goes through a trained network, which names the three digits it most
// looks like. The network learns from glyphs of its own, moved, enlarged and slanted at random, or from
// MNIST:
//
//     draw                          the drawing below
//     draw drawing.txt              a file of 28 lines of 28 characters; '#' is ink, '+' is half of it
//     draw drawing.txt <folder>     the same, trained on the files of MNIST in a folder
#include <lamina/lamina.hpp>

#include <cstdio>
#include <fstream>
#include <sstream>

namespace ln = lamina;

using Model =
    ln::Model<ln::Net<ln::Conv<8, 5, 2>, ln::ReLU, ln::MaxPool<2, 2>, ln::Dense<32>, ln::ReLU, ln::Dense<10>>,
              ln::Shape<1, 28, 28>>;

namespace {

constexpr int side = 28;
using Picture = std::vector<std::uint8_t>; // a byte a pixel, row by row

constexpr const char* glyphs[] = {
    " ###    #    ###  #####    #  #####  ###  #####  ###   ### ",
    "#   #  ##   #   #    #    ##  #     #         # #   # #   #",
    "#  ##   #       #   #    # #  ####  #        #  #   # #   #",
    "# # #   #      #     #  #  #      # ####    #    ###   ####",
    "##  #   #     #       # #####     # #   #   #   #   #     #",
    "#   #   #    #    #   #    #  #   # #   #   #   #   #     #",
    " ###   ###  #####  ###     #   ###   ###    #    ###   ### ",
};

constexpr const char* drawing = R"(


            +####++
         +##########+
        +###+    +###
        ##+        ##+
                   ##+
                   ##+
                  +##
                 +##
               ++##+
           #######
           +######++
                +###+
                  +##+
                   +##
                    ##
                    ##
       +           +##
       ##         +##+
       +###+  ++####
         #########+
           +++++


)";

/// The digit, each cell of its glyph several pixels wide and high, somewhere in a picture.
Picture made_picture(int digit, ln::Random& random) {
    const double wide = 3 + 0.5 * random.symmetric(), high = 3.2 + 0.5 * random.symmetric(),
                 left = 6.5 + 2 * random.symmetric(), top = 3 + 2 * random.symmetric(),
                 slant = 0.2 * random.symmetric();
    Picture picture(side * side);
    for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x) {
            const double row = (y - top) / high, column = (x - left + slant * (y - side / 2)) / wide;
            if (row >= 0 && row < 7 && column >= 0 && column < 5 &&
                glyphs[static_cast<int>(row)][6 * digit + static_cast<int>(column)] == '#')
                picture[static_cast<std::size_t>(y * side + x)] =
                    static_cast<std::uint8_t>(155 + random.below(101));
        }
    return picture;
}

ln::data::Images made_pictures() {
    ln::Random random{ln::seed{1}};
    std::vector<std::uint8_t> pixels, labels;
    for (int i = 0; i < 2000; ++i) {
        const Picture picture = made_picture(i % 10, random);
        pixels.insert(pixels.end(), picture.begin(), picture.end());
        labels.push_back(static_cast<std::uint8_t>(i % 10));
    }
    return {"made pictures", {1, side, side}, std::move(pixels), std::move(labels)};
}

Picture drawn(std::istream& text) {
    Picture picture(side * side);
    std::string line;
    for (std::size_t y = 0; y < side && std::getline(text, line); ++y)
        for (std::size_t x = 0; x < side && x < line.size(); ++x)
            picture[y * side + x] = line[x] == '#' ? 255 : line[x] == '+' ? 128 : 0;
    return picture;
}

} // namespace

int main(int count, char** arguments) {
    std::istringstream built_in{drawing};
    std::ifstream file{count > 1 ? arguments[1] : ""};
    if (count > 1 && !file) {
        std::fprintf(stderr, "draw: %s cannot be opened\n", arguments[1]);
        return 2;
    }
    const Picture picture = count > 1 ? drawn(file) : drawn(built_in);

    const ln::data::Images pictures = count > 2 ? ln::data::load_idx(arguments[2]).train : made_pictures();
    Model model{ln::seed{42}};
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::Adam{.learning_rate = 0.003}};
    ln::fit(trainer, pictures, {.epochs = 5, .progress = false});

    const Model::Output scores = model.forward(ln::data::Image{picture, {1, side, side}});
    for (const auto& [digit, probability] : ln::top_k<3>(ln::softmax(scores)))
        std::printf("%d with %.1f%%\n", digit, 100 * static_cast<double>(probability));
    return count > 1 || ln::argmax(scores) == 3 ? 0 : 1;
}
