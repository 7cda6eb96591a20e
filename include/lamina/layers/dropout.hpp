// Dropout: elements that are left out at random while training.
#pragma once

#include <lamina/fwd.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/dropout.hpp>
#include <lamina/kernels/map.hpp>
#include <lamina/layers/by_numbers.hpp>
#include <lamina/problem/problem.hpp>
#include <lamina/text.hpp>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::detail {

struct DropoutNumbers {
    static constexpr std::string_view family = "Dropout";
    static constexpr Argument arguments[] = {{"Percent", 50}};
    int percent;

    explicit DropoutNumbers(const ArgumentValue* a) noexcept : percent{a[0]} {}
};

} // namespace lamina::inline LAMINA_ABI::detail

namespace lamina::layer_bases {

/// Base of Dropout: its arguments as constants.
template <int Percent>
struct DropoutConstants {
    static constexpr int percent = Percent;
};

/// Base of Dropout. `Arguments` are constants, or numbers.
template <class Arguments>
struct DropoutOf : Arguments {
    using Arguments::Arguments;

    [[nodiscard]] constexpr Text spelled() const { return named("Dropout", this->percent); }
    template <class In>
    using output = In;

    static constexpr bool only_trains = true, takes_halo = true, takes_images = true;
    static constexpr Sees sees = Sees::step;

    constexpr void forward(auto x, auto /*p*/, auto y, auto pass) const noexcept {
        if constexpr (pass.training)
            kernels::dropout(x, pass.random(), this->percent, y);
        else
            kernels::copy(x, y);
    }
    template <kernels::Store How = kernels::Store::overwrite>
    constexpr void input_gradient(auto /*x*/, auto /*y*/, auto dy, auto /*p*/, auto dx,
                                  auto pass) const noexcept {
        kernels::dropout<How>(dy, pass.random(), this->percent, dx);
    }

    void require_fit(const dims& /*in*/, const auto& where) const {
        where.expect(this->percent >= 0 && this->percent <= 100, "Dropout must drop from 0 to 100 percent",
                     "dropped_percent<", this->percent, ">::must_be_from_0_to_100");
    }
};

} // namespace lamina::layer_bases

namespace lamina {

/// Dropout: while training, each element is 0 with a given probability, and the others are larger in return.
///
///     y = x / (1 - p) with probability 1 - p, else 0        dx = dy / (1 - p) where y was kept, else 0
///     with p = Percent / 100; in inference y = x
///
/// Which elements are dropped is a function of the trainer's seed and step, the layer, the sample and the
/// element: the same for any number of threads, any width of vectors, and a run that is resumed. Nothing is
/// kept for backward, which draws the numbers again.
///
/// Arguments: `Percent` of the elements that are dropped, 50 by default, from 0 to 100. With 100 all are.
///
/// Shapes: x any shape; y the same.
///
/// Errors: a percentage outside 0 to 100 does not compile.
///
/// PyTorch: `torch.nn.Dropout(p=Percent / 100)`, with the same default; the random numbers differ.
///
/// Source: Srivastava et al., "Dropout: A Simple Way to Prevent Neural Networks from Overfitting", JMLR 15,
/// 2014.
///
/// Example:
///
///     using Model = ln::Model<ln::Net<ln::Dense<64>, ln::ReLU, ln::Dropout<20>, ln::Dense<4>>,
///     ln::Shape<8>>; static_assert(Model::layers[2].parameters == 0);
template <int Percent>
struct Dropout : layer_bases::DropoutOf<layer_bases::DropoutConstants<Percent>> {
    using by_numbers = layer_bases::DropoutOf<detail::DropoutNumbers>;
    static constexpr Text name = named("Dropout", Percent);

    template <class In, class Where>
    [[nodiscard]] static consteval auto find_fault() noexcept {
        if constexpr (Percent < 0 || Percent > 100)
            return fault<typename Where::template dropped_percent<Percent>::must_be_from_0_to_100>{};
        else
            return none{};
    }
};

} // namespace lamina

LAMINA_END_IEEE
