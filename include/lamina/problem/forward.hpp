// What can be wrong with what goes into a model, and with what is asked of its outputs.
#pragma once

#include <lamina/problem/problem.hpp>

namespace lamina::problem {

template <int K>
struct top_k {
    template <int Outputs>
    struct does_not_fit_outputs {
        static_assert(never<does_not_fit_outputs>, "top_k<K> takes a K from 1 to the number of outputs");
    };
};

} // namespace lamina::problem
