#include "checks.hpp"

#include <lamina/math/random.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>
#include <utility>

namespace laws {

namespace {

void check_same_bits(const char* what, const Numbers& a, const Numbers& b) {
    INFO(std::string{what});
    REQUIRE(a.size() == b.size());
    CHECK((a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0));
}

} // namespace

Numbers numbers(std::size_t n, std::uint64_t seed) {
    lamina::Random random{lamina::seed{seed}};
    Numbers v(n);
    for (double& e : v)
        e = random.symmetric();
    return v;
}

Numbers separated(std::size_t n, std::uint64_t seed) {
    lamina::Random random{lamina::seed{seed}};
    const double count = static_cast<double>(n);
    Numbers v(n);
    for (std::size_t i = 0; i < n; ++i) { // an odd number of places about 0 would have one at 0: move them
        const double place = 2 * static_cast<double>(i) + 1 - count + (n % 2 == 1 ? 0.5 : 0);
        v[i] = double{static_cast<float>(place / count)};
    }
    for (std::size_t i = n; i > 1; --i)
        std::swap(v[i - 1], v[static_cast<std::size_t>(random.below(i))]);
    return v;
}

void check_close(const char* what, std::span<const double> a, std::span<const double> b, double tolerance,
                 double least) {
    INFO(std::string{what});
    REQUIRE(a.size() == b.size());
    double largest = least, gap = 0;
    std::size_t place = 0;
    for (std::size_t i = 0; i < b.size(); ++i) {
        const double here = std::abs(a[i] - b[i]);
        largest = std::fmax(largest, std::abs(b[i]));
        if (!(here <= gap) && !std::isnan(gap)) { // the first NaN is the widest gap of all
            gap = here;
            place = i;
        }
    }
    if (!b.empty()) {
        INFO("largest gap at element ", place, " of ", b.size(), ": ", a[place], " for ", b[place]);
        CHECK(gap <= tolerance * largest);
    }
}

void check_close(const Results& a, const Results& b, double tolerance, double least) {
    check_close("outputs", a.y, b.y, tolerance);
    if (!a.dx.empty() && !b.dx.empty())
        check_close("gradients of the inputs", a.dx, b.dx, tolerance);
    REQUIRE(a.dp.size() == b.dp.size());
    for (std::size_t i = 0; i < a.views.size(); ++i) {
        INFO("weight or bias ", i, " of the network");
        const auto at = static_cast<std::size_t>(a.views[i].offset),
                   n = static_cast<std::size_t>(a.views[i].size);
        check_close("gradients of parameters", std::span{a.dp}.subspan(at, n), std::span{b.dp}.subspan(at, n),
                    tolerance, least);
    }
}

void check_same_bits(const Results& a, const Results& b) {
    check_same_bits("outputs", a.y, b.y);
    check_same_bits("gradients of the inputs", a.dx, b.dx);
    check_same_bits("gradients of parameters", a.dp, b.dp);
}

void check_padding_is_zero(std::span<const double> flat, const std::vector<Range>& views) {
    INFO("padding between weights and biases stays zero");
    std::size_t end = 0;
    const auto check_until = [&](std::size_t next) {
        for (; end < next; ++end)
            if (!(flat[end] == 0))
                FAIL_CHECK("not zero: element ", end);
    };
    for (const auto [offset, size] : views) {
        check_until(static_cast<std::size_t>(offset));
        end = static_cast<std::size_t>(offset + size);
    }
    check_until(flat.size());
}

} // namespace laws
