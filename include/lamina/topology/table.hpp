// The table of a network's elements: what each layer reads and writes, as numbers. It is made while
// compiling, or at run time; nothing after it knows how the layers were nested.
#pragma once

#include <lamina/indices.hpp>
#include <lamina/parameters.hpp>
#include <lamina/tensor.hpp>
#include <lamina/text.hpp>
#include <lamina/topology/storage.hpp>

#include <array>
#include <cstddef>
#include <initializer_list>
#include <string_view>

namespace lamina::inline LAMINA_ABI::topology {

/// How deep layers can be nested.
inline constexpr int most_levels = 12;

/// The way from the topology to a layer: its position in the list, in that of the layer there, and so on.
struct Route {
    int position[most_levels] = {};
    int levels = 0;

    [[nodiscard]] constexpr bool is(std::initializer_list<int> positions) const noexcept {
        bool same = levels == static_cast<int>(positions.size());
        for (int level = 0; same && level < levels; ++level)
            same = position[level] == positions.begin()[level];
        return same;
    }
};

/// What the members of a layer say about how it can be computed.
struct Facts {
    bool takes_activation = false; ///< applies the activation that follows
    bool takes_addend = false;     ///< adds another view to its result before that
    bool takes_max_pool = false;
    bool is_activation = false;
    bool slope_of_input = false; ///< whose derivative needs its input
    bool never_decreases = false;
    bool only_reshapes = false;
    bool only_trains = false; ///< does nothing in inference
    bool only_scales = false; ///< and shifts, or normalizes: a rectifier may follow it as well
    bool is_sum = false;
    bool is_concat = false;
    bool is_join = false;
    bool is_outputs = false; ///< of the network
    bool is_pool = false;
    bool gathers = false;    ///< needs statistics of the whole batch
    int tiling_max_pool = 0; ///< the size of its windows, which tile the input; else 0
    bool any_order = false;
    Order one_sample_order = Order::planes;
    bool prefers_planes = false; ///< takes one sample in any order, but less time from planes
    pad input_halo[2] = {};      ///< by order
    bool takes_halo = false;     ///< one that others want around its input, too
    pad gradient_halo{};
    bool gradient_in_place = false;        ///< may write dx where dy is
    bool computed_again = false;           ///< in backward, rather than that its result is kept
    double negative_slope = -1;            ///< of a rectifier
    bool last_axis_first_in_files = false; ///< of a tensor "weight"
    int steps_before = 0;                  ///< that it sees of a sequence; -1 if all
    long long scratch = 0;                 ///< of forward, in a batch
    std::string_view name;
    long long macs = 0;
};

/// A layer in the table. It computes value `number + 1` from its inputs; value 0 is the model's input.
struct Element {
    Text path; ///< "3.0.1"
    Route route;
    dims input, output;
    int first_input = 0, inputs = 1; ///< in `Table::inputs`
    ListedTensors trained_tensors, kept_tensors;
    long long trained = 0, kept = 0; ///< numbers of its tensors, with padding
    long long trained_offset = 0, kept_offset = 0;
    bool on_each_step = false; ///< of a sequence
    Facts facts;
};

/// A name given by `As`.
struct NamedValue {
    Route route;
    int value = 0;
    bool is_used = false;
};

/// A table of at most so many elements, or one that grows at run time.
template <int Elements, int Inputs, int Names>
struct Table {
    static constexpr int most_elements = Elements;

    Storage<Element, Elements> elements;
    Storage<int, Inputs> inputs = {};
    Storage<int, values_of(Elements)> readers_of = {}; ///< of each value
    Storage<NamedValue, Names> names;
    int count = 0, input_count = 0, name_count = 0;
    dims shape;                      ///< of value 0, the input of the network
    bool is_exact = false;           ///< no layer uses scratch memory for another algorithm
    int result = 0;                  ///< the number of the value that the network returns
    long long trained = 0, kept = 0; ///< so far

    /// Appends an element that reads so many values.
    constexpr void append(const Element& element, const int* values,
                          int how_many) noexcept(Elements != run_time) {
        if constexpr (Elements == run_time) {
            elements.resize(count + 1);
            inputs.resize(input_count + how_many);
            readers_of.resize(count + 2);
        }
        Element& e = elements[count++];
        e = element;
        e.first_input = input_count;
        e.inputs = how_many;
        for (int k = 0; k < how_many; ++k) {
            inputs[input_count++] = values[k];
            ++readers_of[values[k]];
        }
        e.trained_offset = trained;
        e.kept_offset = kept;
        trained += e.trained;
        kept += e.kept;
    }
    /// Numbers of all tensors up to those of an element.
    [[nodiscard]] constexpr long long end_of(int e) const noexcept {
        return elements[e].trained_offset + elements[e].trained + elements[e].kept_offset + elements[e].kept;
    }
    /// The first element with more numbers before its end than that, or -1.
    [[nodiscard]] constexpr int first_beyond(long long most) const noexcept {
        for (int e = 0; e < count; ++e)
            if (end_of(e) > most)
                return e;
        return -1;
    }
    /// The first element whose value is neither read nor returned, or -1.
    [[nodiscard]] constexpr int first_unread() const noexcept {
        for (int e = 0; e < count; ++e)
            if (e + 1 != result && readers(e + 1) == 0)
                return e;
        return -1;
    }
    /// The first element that is `Outputs`, but not the last one of the network, or -1.
    [[nodiscard]] constexpr int first_outputs_within(bool something_follows) const noexcept {
        for (int e = 0; e < count; ++e)
            if (elements[e].facts.is_outputs &&
                (something_follows || e + 1 != result || elements[e].route.levels != 1))
                return e;
        return -1;
    }
    /// The layer at these positions, as in `Route`, or -1 if there is none.
    [[nodiscard]] constexpr int layer_at(std::initializer_list<int> positions) const noexcept {
        for (int e = 0; e < count; ++e)
            if (!elements[e].facts.is_join && elements[e].route.is(positions))
                return e;
        return -1;
    }
    [[nodiscard]] constexpr int first_unused_name() const noexcept {
        for (int n = 0; n < name_count; ++n)
            if (!names[n].is_used)
                return n;
        return -1;
    }
    /// The extents of a value that an element computes.
    [[nodiscard]] constexpr const dims& extents_of(int value) const noexcept {
        return value == 0 ? shape : elements[value - 1].output;
    }
    /// How many elements need statistics of the batch.
    [[nodiscard]] constexpr int gathering() const noexcept {
        int n = 0;
        for (int e = 0; e < count; ++e)
            n += static_cast<int>(elements[e].facts.gathers);
        return n;
    }
    [[nodiscard]] constexpr bool concats() const noexcept {
        for (int e = 0; e < count; ++e)
            if (elements[e].facts.is_concat)
                return true;
        return false;
    }
    [[nodiscard]] constexpr bool branches() const noexcept {
        for (int e = 0; e < count; ++e)
            if (elements[e].facts.is_join)
                return true;
        return false;
    }
    /// How many elements read a value.
    [[nodiscard]] constexpr int readers(int value) const noexcept { return readers_of[value]; }
    [[nodiscard]] constexpr int input(int element, int k = 0) const noexcept {
        return inputs[elements[element].first_input + k];
    }
    /// The element that computes a value: the last one that does not only reshape. -1 for the input of the
    /// network, which none computes.
    [[nodiscard]] constexpr int computed_by(int value) const noexcept {
        while (value > 0 && elements[value - 1].facts.only_reshapes && input(value - 1) > 0)
            value = input(value - 1);
        return value - 1;
    }
};

} // namespace lamina::inline LAMINA_ABI::topology
