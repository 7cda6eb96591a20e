// MeanSquaredError: how far outputs are from the numbers wanted.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/pack.hpp>

LAMINA_BEGIN_IEEE

namespace lamina {

/// The mean of squared differences between y and a target t of the same shape, N elements.
///
///     loss = 1/N sum over i of (y(i) - t(i))^2        dy(i) = 2/N (y(i) - t(i))
///
/// As `torch.nn.MSELoss`, which averages over the batch, as `Trainer` does.
struct MeanSquaredError {
    /// One sample's loss; writes its derivative by y to dy. y, t, dy: any one shape.
    template <class Y, class Target, class DY>
    [[nodiscard]] static constexpr auto loss_and_gradient(Y y, Target t, DY dy) noexcept {
        using E = typename DY::element;
        const scalar_of<E> share = scalar_of<E>(1) / scalar_of<E>(y.size);
        E sum = E(0);
        for (int i = 0; i < y.size; ++i) {
            const E difference = y[i] - t[i];
            const E part = difference * E(share);
            sum += difference * part; // of parts, because the sum of all squares may overflow
            dy[i] = part + part;
        }
        return sum;
    }
};

} // namespace lamina

LAMINA_END_IEEE
