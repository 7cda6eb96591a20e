// The arguments of recurrent layers: the shapes of their tensors, and their number of units as a number.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/layers/by_numbers.hpp>
#include <lamina/parameters.hpp>
#include <lamina/shape.hpp>
#include <lamina/text.hpp>

#include <string_view>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::detail {

/// The shapes of a recurrent layer's tensors, on inputs C,L.
template <class In, int Units, int Gates, int Saved>
struct RecurrentShapes {
    using input = Shape<In::extents.extent[0], Gates * Units>;
    using hidden = Shape<Units, Gates * Units>;
    using bias = Shape<Gates * Units>;
    using saved = Shape<In::extents.extent[1] * Saved * Units>;
};
template <int Units, int Gates, int Saved>
struct RecurrentShapes<AnyShape, Units, Gates, Saved> {
    using input = AnyShape;
    using hidden = AnyShape;
    using bias = AnyShape;
    using saved = AnyShape;
};

/// Whether an int counts the numbers of each tensor of a recurrent layer on inputs C,L. (The product of the
/// first two is below 2^34.)
template <class Cell>
[[nodiscard]] constexpr bool recurrent_fits_an_int(const dims& in, int units) noexcept {
    const long long columns = 1LL * Cell::gates * units, most = 2'147'483'647;
    const long long rows = in.extent[0] > units ? in.extent[0] : units;
    return columns <= most / rows && 1LL * Cell::saved * units <= (most - 8LL * units - 2) / in.extent[1];
}

/// The number of units as a number. `Cell` is LSTM's or GRU's.
template <class Cell>
struct RecurrentNumbers {
    static constexpr std::string_view family = Cell::name;
    static constexpr Argument arguments[] = {{"Units"}};
    static constexpr int constant_units = 0;
    int units;

    explicit RecurrentNumbers(const ArgumentValue* a) noexcept : units{a[0]} {}
    /// What a layer of this base is called.
    [[nodiscard]] static Text inside(const Text& layer) { return layer; }
    [[nodiscard]] Text spelled() const { return named(Cell::name, units); }
    [[nodiscard]] dims outputs(const dims& in) const noexcept {
        return sequence_like(in, in.extent[1], units);
    }
    [[nodiscard]] dims tensor(std::string_view name, const dims& in) const noexcept {
        if (name == "gates")
            return {1LL * in.extent[1] * Cell::saved * units};
        if (name == "states")
            return {4LL * units};
        const long long columns = 1LL * Cell::gates * units;
        return name == "weight_ih_l0"   ? dims{in.extent[0], columns}
               : name == "weight_hh_l0" ? dims{units, columns}
                                        : dims{columns};
    }
    [[nodiscard]] initial::drawn fans(std::string_view name, const dims& in) const noexcept {
        return {name == "weight_ih_l0" ? in.extent[0] : units, units};
    }
    [[nodiscard]] long long multiply_adds(const dims& in) const noexcept {
        return 1LL * in.extent[1] * Cell::gates * units * (in.extent[0] + units);
    }
    void require_fit(const dims& in, const auto& where) const {
        where.expect(units >= 1, "a recurrent layer has at least 1 unit", "units<", units,
                     ">::must_be_positive");
        where.require_sequence(in);
        where.expect(recurrent_fits_an_int<Cell>(in, units),
                     "a recurrent layer's weights, and what it saves of all steps for backward, are at most "
                     "2,147,483,647 numbers each: use fewer units or shorter sequences",
                     "units<", units, ">::are_too_many");
    }
};

/// The same of a layer that has such a layer in it, and its arguments. `Around::word` is what it is called.
template <class Cell, class Around>
struct RecurrentNumbersWithin : RecurrentNumbers<Cell> {
    static constexpr Text name_of_family = Text{} << Around::word << "<" << Cell::name;
    static constexpr std::string_view family = name_of_family;

    using RecurrentNumbers<Cell>::RecurrentNumbers;

    [[nodiscard]] static Text inside(const Text& layer) {
        Text text;
        text << Around::word << "<" << std::string_view{layer};
        return text << ">";
    }
    [[nodiscard]] Text spelled() const { return inside(RecurrentNumbers<Cell>::spelled()); }
};

struct AroundBidirectional {
    static constexpr std::string_view word = "Bidirectional";
};
/// The same of the layer that Bidirectional has in both directions.
template <class Cell>
struct BidirectionalNumbers : RecurrentNumbersWithin<Cell, AroundBidirectional> {
    using Base = RecurrentNumbersWithin<Cell, AroundBidirectional>;
    using Base::Base;

    [[nodiscard]] dims outputs(const dims& in) const noexcept {
        return sequence_like(in, in.extent[1], 2 * this->units);
    }
    [[nodiscard]] dims tensor(std::string_view name, const dims& in) const noexcept {
        dims d = Base::tensor(of_one_direction(name), in);
        if (name == "gates")
            d.extent[0] *= 2;
        return d;
    }
    [[nodiscard]] initial::drawn fans(std::string_view name, const dims& in) const noexcept {
        return Base::fans(of_one_direction(name), in);
    }
    [[nodiscard]] long long multiply_adds(const dims& in) const noexcept {
        return 2 * Base::multiply_adds(in);
    }
    void require_fit(const dims& in, const auto& where) const {
        Base::require_fit(in, where);
        dims twice = in;
        twice.extent[1] = 2 * in.extent[1];
        Base::require_fit(twice, where);
    }

  private:
    [[nodiscard]] static constexpr std::string_view of_one_direction(std::string_view name) noexcept {
        constexpr std::string_view suffix = "_reverse";
        return name.ends_with(suffix) ? name.substr(0, name.size() - suffix.size()) : name;
    }
};

} // namespace lamina::inline LAMINA_ABI::detail

LAMINA_END_IEEE
