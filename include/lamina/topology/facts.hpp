// What the members of a layer say about how it can be computed, as numbers for the table.
#pragma once

#include <lamina/concepts.hpp>
#include <lamina/topology/table.hpp>

namespace lamina::inline LAMINA_ABI::topology {

template <class L>
concept OnlyReshapes = requires {
    requires L::only_reshapes;
};
template <class L>
concept NeverDecreases = requires {
    requires L::never_decreases;
};
template <class L>
concept OnlyTrains = requires {
    requires L::only_trains;
};
template <class L>
concept OnlyScales = requires {
    requires L::only_scales;
};

template <class L>
concept EndsInOutputs = requires {
    requires L::weight_ends_in_outputs;
};

/// (For `AnyShape` those that hold whatever the extents are.)
template <class L, class In>
inline constexpr Facts facts_of = [] {
    Facts f;
    f.takes_activation = requires {
        requires L::takes_activation;
    };
    f.takes_addend = requires {
        requires L::takes_addend;
    };
    f.takes_max_pool = requires {
        requires L::takes_max_pool;
    };
    f.is_activation = requires {
        requires L::is_activation;
    };
    f.slope_of_input = f.is_activation && !requires(float y) {
        L::slope(y);
    };
    f.never_decreases = NeverDecreases<L>;
    f.only_reshapes = OnlyReshapes<L>;
    f.only_trains = OnlyTrains<L>;
    f.only_scales = OnlyScales<L> || requires {
        requires L::normalizes;
    };
    f.is_pool = requires {
        requires L::is_pool;
    };
    f.gathers = detail::Gathers<L, In>;
    f.gradient_in_place = requires {
        requires L::gradient_in_place;
    };
    f.computed_again = f.gathers && requires {
        requires L::computed_again;
    };
    if constexpr (requires { L::one_sample_order; })
        f.one_sample_order = L::one_sample_order;
    f.any_order = f.is_activation;
    f.takes_halo = f.is_activation || requires {
        requires L::takes_halo;
    };
    f.last_axis_first_in_files = EndsInOutputs<L> || requires {
        requires L::weight_ends_in_inputs;
    };
    if constexpr (requires { In::size; }) {
        // Windows that tile the input without overlaps or gaps, and are small enough for a register tile.
        if constexpr (requires { requires L::is_max_pool; })
            f.tiling_max_pool =
                L::window_size == L::window_stride && L::window_size <= 3 ? L::window_size : 0;
        if constexpr (requires { L::template takes_halo_on<In>; })
            f.takes_halo = L::template takes_halo_on<In>;
        if constexpr (requires { L::template input_halo<In, Order::planes>; }) {
            f.takes_halo = true;
            f.input_halo[0] = L::template input_halo<In, Order::planes>;
            f.input_halo[1] = L::template input_halo<In, Order::channels_last>;
        }
        if constexpr (requires { L::template gradient_halo<In>; })
            f.gradient_halo = L::template gradient_halo<In>;
        if constexpr (requires { L::negative_slope; })
            f.negative_slope = L::negative_slope;
        f.name = L::name;
        if constexpr (requires { L::steps_before; })
            f.steps_before = L::steps_before;
        if constexpr (requires { L::template macs<In>; })
            f.macs = L::template macs<In>;
    }
    return f;
}();

template <class Operation>
inline constexpr Facts facts_of_join = [] {
    Facts f;
    f.is_join = true;
    f.takes_halo = true;
    f.name = Operation::name;
    f.is_sum = requires {
        requires Operation::is_sum;
    };
    f.is_concat = requires {
        requires Operation::is_concat;
    };
    f.is_outputs = requires {
        requires Operation::is_outputs;
    };
    f.any_order = true;
    return f;
}();

} // namespace lamina::inline LAMINA_ABI::topology
