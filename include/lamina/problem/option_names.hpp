// Options under the names that other libraries give them, or with a value of another type. Using one is an
// error that says what is expected here.
#pragma once

#include <lamina/problem/problem.hpp>

namespace lamina::problem {

/// A field with such a name. For any value the error of `Name` says what the option is called here.
template <template <class> class Name>
struct misnamed {
    misnamed() = default;
    template <class X>
    constexpr misnamed(const X&) noexcept {
        static_assert(sizeof(typename Name<X>::is_no_option) > 0);
    }
};

template <class X>
struct epoch {
    struct is_no_option {
        static_assert(never<is_no_option>, "the number of epochs is .epochs");
    };
};
template <class X>
struct batch_size {
    struct is_no_option {
        static_assert(never<is_no_option>, "the batch size is .batch");
    };
};
template <class X>
struct shuffle {
    struct is_no_option {
        static_assert(never<is_no_option>,
                      "fit always shuffles the samples, anew in each epoch; .seed decides how");
    };
};
template <class X>
struct burn_in {
    struct is_no_option {
        static_assert(
            never<is_no_option>,
            ".burn_in and .carry_state are for training on ln::data::Recordings<Model>, whose windows "
            "go on where others end");
    };
};
template <class X>
struct lr {
    struct is_no_option {
        static_assert(never<is_no_option>,
                      "the learning rate is a setting of the optimiser, by name: "
                      "ln::SGD{.learning_rate = 0.1}; one that changes is fit's .schedule");
    };
};
template <class X>
struct weight_decay {
    struct is_no_option {
        static_assert(
            never<is_no_option>,
            "fit has .l2, which is half of PyTorch's weight_decay for SGD and Adam, and leaves biases "
            "alone; ln::AdamW has a .weight_decay");
    };
};
template <class X>
struct validation_data {
    struct is_no_option {
        static_assert(never<is_no_option>, "validation data are given as .validation = &data");
    };
};
template <class X>
struct validation_split {
    struct is_no_option {
        static_assert(
            never<is_no_option>,
            "ln::data::split(data, 0.1, ln::seed{1}) holds out a share of the data: train on .train, "
            "and give fit .validation = &parts.validation");
    };
};
template <class X>
struct early_stopping {
    struct is_no_option {
        static_assert(never<is_no_option>, "early stopping is .patience = 5, in epochs");
    };
};
template <class Number>
struct patience {
    struct is_not_a_number_of_epochs {
        static_assert(never<is_not_a_number_of_epochs>,
                      "patience is a number of epochs, an integer: .patience = 5");
    };
};
template <class X>
struct callbacks {
    struct is_no_option {
        static_assert(
            never<is_no_option>,
            "a function called after each epoch is .on_epoch; early stopping is .patience, and saving "
            "is .checkpoints");
    };
};
template <class X>
struct verbose {
    struct is_no_option {
        static_assert(never<is_no_option>, "what fit prints is silenced by .progress = false");
    };
};
template <class X>
struct betas {
    struct is_no_option {
        static_assert(never<is_no_option>, "Adam's two betas are .beta1 and .beta2");
    };
};
template <class X>
struct eps {
    struct is_no_option {
        static_assert(never<is_no_option>, "Adam's eps is .epsilon");
    };
};
template <class X>
struct strict {
    struct is_no_option {
        static_assert(
            never<is_no_option>,
            "load has .ignore = {\"head.*\"} for tensors that only the file has, and .keep = {\"9\"} "
            "for those of the model that stay as they are");
    };
};
template <class X>
struct map_location {
    struct is_no_option {
        static_assert(never<is_no_option>, "there is one device, the processor: leave .map_location out");
    };
};

} // namespace lamina::problem
