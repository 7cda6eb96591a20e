// Every header compiles where other headers have defined ordinary words as macros, and so do a user's own
// layer, loss and data there: no hook has such a name. The headers that lamina's include come first, since
// the standard library's own do not all bear these macros.
#include <outside_headers.hpp>

#include "host_macros.hpp"

#include <all_headers.hpp>

namespace ln = lamina;

namespace {

struct Doubled {
    static constexpr const char* name = "Doubled";
    template <class In>
    using output = In;
    template <class In, class Where>
    static consteval auto find_fault() {
        return ln::none{};
    }
    static constexpr void forward(auto x, auto, auto y) {
        for (int i = 0; i < x.size; ++i)
            y[i] = x[i] + x[i];
    }
    static constexpr void input_gradient(auto, auto, auto dy, auto, auto dx) {
        for (int i = 0; i < dx.size; ++i)
            dx[i] = dy[i] + dy[i];
    }
};

struct Distance : ln::MeanSquaredError {
    template <class Out, class LastLayer, class Where>
    static consteval auto find_fault() {
        return ln::none{};
    }
};

struct Noise {
    static std::size_t size() { return 8; }
    template <class In, class Out>
    static void validate() {}
    template <class In, class Out>
    static void validate(std::span<const std::uint32_t>) {}
    static void inputs(const auto&, auto x) { x[0] = x[0]; }
    static void targets(const auto&, auto t) { t[0] = t[0]; }
};

using Model =
    ln::Model<ln::Net<ln::Conv<2, 3>, ln::ReLU, ln::MaxPool<2, 2>, Doubled, ln::Dense<2>, ln::Softmax>,
              ln::Shape<1, 6, 6>>;

} // namespace

double train_among_macros();
double train_among_macros() {
    Model model{ln::seed{1}};
    ln::Trainer trainer{model, Distance{}, ln::Adam{}};
    ln::fit(trainer, Noise{}, {.progress = false});
    return ln::evaluate(model, Noise{}, Distance{}).loss + double{(ln::max)(1.F, 2.F)};
}
