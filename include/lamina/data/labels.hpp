// Labels: the class of a sample as a number, and the target that it stands for.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/pack.hpp>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::data {

/// The number of classes of a network with that many outputs: one per output, or two for a single output,
/// which tells class 1 from class 0.
[[nodiscard]] constexpr int classes_of_labels(int outputs) noexcept {
    return outputs == 1 ? 2 : outputs;
}

/// Writes the label `label(r)` as the target of lane r: 1 at the label among zeros. The target of one output
/// is the label itself, 0 or 1.
template <class T, class Targets>
void write_labels(Targets t, auto label) noexcept {
    for (int i = 0; i < t.size; ++i)
        t[i] = pack<T>(T(0));
    for (int r = 0; r < native_lanes<T>; ++r) {
        const auto own = static_cast<int>(label(r));
        if (t.size == 1)
            t[0].set(r, static_cast<T>(own));
        else
            t[own].set(r, T(1));
    }
}

} // namespace lamina::inline LAMINA_ABI::data

LAMINA_END_IEEE
