// Dropout: in training, drops some of its inputs.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/dropout.hpp>
#include <lamina/kernels/map.hpp>
#include <lamina/text.hpp>

LAMINA_BEGIN_IEEE

namespace lamina {

template <int Percent = 50>
struct Dropout {
    static constexpr Text name = named("Dropout", Percent);
    static constexpr bool only_trains = true;

    template <class In>
    using output = In;

    static constexpr void forward(auto x, auto /*p*/, auto y, auto pass) noexcept {
        if constexpr (pass.training)
            kernels::dropout(x, pass.random(), Percent, y);
        else
            kernels::copy(x, y);
    }
    template <kernels::Store How = kernels::Store::overwrite>
    static constexpr void input_gradient(auto /*x*/, auto /*y*/, auto dy, auto /*p*/, auto dx,
                                         auto pass) noexcept {
        kernels::dropout<How>(dy, pass.random(), Percent, dx);
    }
};

} // namespace lamina

LAMINA_END_IEEE
