// PyTorch's names of layers and losses that have another one here: whoever writes one is told which.
#pragma once

#include <lamina/problem/problem.hpp>

namespace lamina {

namespace problem {

/// `Place` is the layer's, or the loss's.
template <class Place>
struct name_of_pytorch {
    struct means_Dense {
        static_assert(never<means_Dense>, "PyTorch's Linear is ln::Dense<outputs>: inputs are inferred");
    };
    struct means_Conv {
        static_assert(never<means_Conv>, "PyTorch's Conv2d is ln::Conv<filters, kernel, stride, padding>: "
                                         "the channels of the input are inferred");
    };
    struct means_MaxPool {
        static_assert(never<means_MaxPool>, "PyTorch's MaxPool2d is ln::MaxPool<size, stride>");
    };
    struct means_AvgPool {
        static_assert(never<means_AvgPool>, "PyTorch's AvgPool2d is ln::AvgPool<size, stride>");
    };
    struct means_HardSwish {
        static_assert(never<means_HardSwish>, "PyTorch's Hardswish is ln::HardSwish");
    };
    struct means_SoftmaxCrossEntropy {
        static_assert(never<means_SoftmaxCrossEntropy>,
                      "PyTorch's CrossEntropyLoss is ln::SoftmaxCrossEntropy{}; with class weights, "
                      "ln::WeightedCrossEntropy{.class_weights = {...}}");
    };
    struct means_BinaryCrossEntropy {
        static_assert(never<means_BinaryCrossEntropy>,
                      "PyTorch's BCEWithLogitsLoss is ln::BinaryCrossEntropy{}");
    };
    struct means_MeanSquaredError {
        static_assert(never<means_MeanSquaredError>, "PyTorch's MSELoss is ln::MeanSquaredError{}");
    };
    struct means_MeanAbsoluteError {
        static_assert(never<means_MeanAbsoluteError>, "PyTorch's L1Loss is ln::MeanAbsoluteError{}");
    };
    struct means_Huber {
        static_assert(never<means_Huber>, "PyTorch's HuberLoss is ln::Huber{}");
    };
};

} // namespace problem

template <auto...>
struct Linear {
    template <class In, class Where>
    [[nodiscard]] static consteval auto find_fault() noexcept {
        return fault<typename problem::name_of_pytorch<Where>::means_Dense>{};
    }
};
template <auto...>
struct Conv2d {
    template <class In, class Where>
    [[nodiscard]] static consteval auto find_fault() noexcept {
        return fault<typename problem::name_of_pytorch<Where>::means_Conv>{};
    }
};
template <auto...>
struct MaxPool2d {
    template <class In, class Where>
    [[nodiscard]] static consteval auto find_fault() noexcept {
        return fault<typename problem::name_of_pytorch<Where>::means_MaxPool>{};
    }
};
template <auto...>
struct AvgPool2d {
    template <class In, class Where>
    [[nodiscard]] static consteval auto find_fault() noexcept {
        return fault<typename problem::name_of_pytorch<Where>::means_AvgPool>{};
    }
};
struct Hardswish {
    template <class In, class Where>
    [[nodiscard]] static consteval auto find_fault() noexcept {
        return fault<typename problem::name_of_pytorch<Where>::means_HardSwish>{};
    }
};

template <class X = none>
struct CrossEntropyLoss {
    using broken = void;
    static_assert(sizeof(typename problem::name_of_pytorch<CrossEntropyLoss>::means_SoftmaxCrossEntropy) > 0);
    double label_smoothing = 0;
};
template <class X = none>
struct BCEWithLogitsLoss {
    using broken = void;
    static_assert(sizeof(typename problem::name_of_pytorch<BCEWithLogitsLoss>::means_BinaryCrossEntropy) > 0);
};
template <class X = none>
struct MSELoss {
    using broken = void;
    static_assert(sizeof(typename problem::name_of_pytorch<MSELoss>::means_MeanSquaredError) > 0);
};
template <class X = none>
struct L1Loss {
    using broken = void;
    static_assert(sizeof(typename problem::name_of_pytorch<L1Loss>::means_MeanAbsoluteError) > 0);
};
template <class X = none>
struct HuberLoss {
    using broken = void;
    static_assert(sizeof(typename problem::name_of_pytorch<HuberLoss>::means_Huber) > 0);
};

} // namespace lamina
