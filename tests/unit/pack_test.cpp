#include <lamina/pack.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>

using lamina::native_lanes;
using lamina::pack;

namespace {

/// Lane r holds start + r * step.
template <class T>
pack<T> ramp(T start, T step) {
    pack<T> p;
    for (int r = 0; r < pack<T>::lanes; ++r)
        p.set(r, start + static_cast<T>(r) * step);
    return p;
}

/// Whether lane r of `p` is want(r), for every lane.
template <class T, class F>
bool lanes_are(pack<T> p, F want) {
    for (int r = 0; r < pack<T>::lanes; ++r)
        if (p[r] != want(static_cast<T>(r)))
            return false;
    return true;
}

template <class T>
void check_arithmetic() {
    const pack<T> a = ramp<T>(1, 2), b = ramp<T>(-3, 1);
    CHECK(lanes_are(a + b, [](T r) { return (1 + 2 * r) + (-3 + r); }));
    CHECK(lanes_are(a - b, [](T r) { return (1 + 2 * r) - (-3 + r); }));
    CHECK(lanes_are(a * b, [](T r) { return (1 + 2 * r) * (-3 + r); }));
    CHECK(lanes_are(b / a, [](T r) { return (-3 + r) / (1 + 2 * r); }));
    CHECK(lanes_are(-a, [](T r) { return -(1 + 2 * r); }));
    CHECK(lanes_are(lamina::mul_add(a, T(4), b), [](T r) { return (1 + 2 * r) * 4 + (-3 + r); }));
    CHECK(lanes_are(lamina::mul_add(a, a, b), [](T r) { return (1 + 2 * r) * (1 + 2 * r) + (-3 + r); }));
    pack<T> c = a;
    c += b;
    c *= b;
    c -= a;
    CHECK(lanes_are(c, [](T r) { return ((1 + 2 * r) + (-3 + r)) * (-3 + r) - (1 + 2 * r); }));
}

template <class T>
void check_choosing() {
    const pack<T> a = ramp<T>(0, 1), b = T(1);
    CHECK(lanes_are(lamina::max(a, b), [](T r) { return r > 1 ? r : T(1); }));
    CHECK(lanes_are(lamina::select(a < b, a, pack<T>(9)), [](T r) { return r < 1 ? r : T(9); }));
    CHECK(lanes_are(lamina::select(a > b, a, pack<T>(9)), [](T r) { return r > 1 ? r : T(9); }));
    CHECK(lanes_are(lamina::select(a == b, pack<T>(5), a), [](T r) { return r == 1 ? T(5) : r; }));
}

} // namespace

TEST_CASE("pack: as many lanes as the target's vector holds, at least one") {
    CHECK(sizeof(pack<float>) == sizeof(float) * static_cast<unsigned>(native_lanes<float>));
    CHECK(native_lanes<double> == (native_lanes<float> > 1 ? native_lanes<float> / 2 : 1));
    CHECK(pack<float>::lanes == lamina::lanes_of<pack<float>>);
    CHECK(lamina::lanes_of<float> == 1);
}

TEST_CASE("pack: arithmetic goes lane by lane") {
    check_arithmetic<float>();
    check_arithmetic<double>();
}

TEST_CASE("pack: max and select choose lane by lane") {
    check_choosing<float>();
    check_choosing<double>();
}

TEST_CASE("pack: a number is the same in every lane, its sign included") {
    CHECK(lanes_are(pack<float>(2.5F), [](float) { return 2.5F; }));
    for (int r = 0; r < pack<float>::lanes; ++r)
        CHECK(std::signbit(pack<float>(-0.0F)[r]));
}

TEST_CASE("pack: lane_sum adds all lanes") {
    constexpr int n = native_lanes<float>, m = native_lanes<double>;
    CHECK(lamina::lane_sum(ramp<float>(1, 1)) ==
          static_cast<float>(n * (n + 1) / 2)); // small integers, so exact
    CHECK(lamina::lane_sum(ramp<double>(1, 1)) == m * (m + 1) / 2);
    CHECK(lamina::lane_sum(3.0F) == 3.0F);
}

TEST_CASE("pack: lanes of packs and of numbers are read and written alike") {
    pack<float> p = 0;
    lamina::set_lane(p, pack<float>::lanes - 1, 4.0F);
    CHECK(lamina::lane(p, pack<float>::lanes - 1) == 4.0F);
    double d = 0;
    lamina::set_lane(d, 0, 3.0);
    CHECK(lamina::lane(d, 0) == 3.0);
}

TEST_CASE("pack: max of a number and NaN is the number that came first") {
    const float nan = std::nanf("");
    CHECK(lamina::max(1.0F, nan) == 1.0F);
    CHECK(std::isnan(lamina::max(nan, 1.0F)));
    CHECK(lamina::max(pack<float>(1), pack<float>(nan))[0] == 1.0F);
}
