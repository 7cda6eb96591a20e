// Ruler: the numbers an axis of a chart shows, its ticks, and where on the axis a number lies.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iomanip>
#include <limits>
#include <locale>
#include <sstream>
#include <string>
#include <vector>

namespace chart {

enum class Scale { linear, logarithmic };

/// With one decimal, 1234.5 is "1,234.5".
[[nodiscard]] inline std::string number_text(double number, int decimals) {
    std::ostringstream stream;
    stream.imbue(std::locale::classic());
    stream << std::fixed << std::setprecision(decimals) << std::abs(number);
    const std::string digits = stream.str();
    const std::size_t whole = std::min(digits.find('.'), digits.size());
    std::string text = number < 0 ? "-" : "";
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i > 0 && i < whole && (whole - i) % 3 == 0)
            text += ',';
        text += digits[i];
    }
    return text;
}

class Ruler {
  public:
    struct Tick {
        double value;
        std::string text;
    };
    struct Wish {
        Scale scale = Scale::linear;
        bool whole = false; ///< ticks at whole numbers only
        int ticks = 5;      ///< about as many, on a linear scale
    };

    /// Shows all of `values` that its scale can. Its low end, a round number, lies at coordinate `from`, its
    /// high end at `to`.
    Ruler(const Wish& wish, const std::vector<double>& values, double from, double to)
        : scale_{wish.scale}, from_{from}, to_{to} {
        constexpr double infinity = std::numeric_limits<double>::infinity();
        double low = infinity, high = -infinity;
        for (const double v : values)
            if (shows(v)) {
                low = std::min(low, v);
                high = std::max(high, v);
            }
        if (low > high)
            low = high = 1;
        scale_ == Scale::linear ? mark_linear(low, high, wish) : mark_logarithmic(low, high);
    }

    /// No scale has a place for infinities, and a logarithm none for zero and less.
    [[nodiscard]] bool shows(double value) const noexcept {
        return std::isfinite(value) && (scale_ == Scale::linear || value > 0);
    }
    [[nodiscard]] double place(double value) const noexcept {
        return from_ + (to_ - from_) * (scaled(value) - scaled(low_)) / (scaled(high_) - scaled(low_));
    }
    [[nodiscard]] double from() const noexcept { return from_; }
    [[nodiscard]] double to() const noexcept { return to_; }
    [[nodiscard]] const std::vector<Tick>& ticks() const noexcept { return ticks_; }

  private:
    [[nodiscard]] double scaled(double value) const noexcept {
        return scale_ == Scale::linear ? value : std::log10(value);
    }
    /// The decimals that multiples of 1, 2 or 5 times this number's power of ten need.
    [[nodiscard]] static int decimals(double number) noexcept {
        return std::max(0, -static_cast<int>(std::floor(std::log10(number) + 1e-9)));
    }
    /// The next 1, 2 or 5 times a power of ten.
    [[nodiscard]] static double round_up(double number) noexcept {
        const double power = std::pow(10, std::floor(std::log10(number)));
        for (const double factor : {1, 2, 5})
            if (factor * power >= number * (1 - 1e-9))
                return factor * power;
        return 10 * power;
    }

    void mark_linear(double low, double high, const Wish& wish) {
        if (low == high) {
            const double room = wish.whole || low == 0 ? 1 : std::abs(low) / 10;
            low -= room;
            high += room;
        }
        const double step = std::max(round_up((high - low) / wish.ticks), wish.whole ? 1.0 : 0.0);
        const double first = std::floor(low / step + 1e-9), last = std::ceil(high / step - 1e-9);
        low_ = first * step;
        high_ = last * step;
        for (double i = first; i <= last; ++i)
            ticks_.push_back({i * step, number_text(i * step, decimals(step))});
    }

    void mark_logarithmic(double low, double high) {
        if (low == high) {
            low /= 2;
            high *= 2;
        }
        low_ = 1 / round_up(1 / low);
        high_ = round_up(high);
        const double first = std::floor(std::log10(low_)), last = std::ceil(std::log10(high_));
        const bool few = last - first <= 3;
        for (double i = first; i <= last; ++i)
            for (const double factor : {1, 2, 5}) {
                const double value = factor * std::pow(10, i);
                if ((factor == 1 || few) && value > low_ * (1 - 1e-9) && value < high_ * (1 + 1e-9))
                    ticks_.push_back({value, number_text(value, decimals(value))});
            }
    }

    Scale scale_;
    double from_, to_;
    double low_ = 0, high_ = 1;
    std::vector<Tick> ticks_;
};

} // namespace chart
