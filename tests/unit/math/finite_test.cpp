#include <lamina/math/finite.hpp>

#include <doctest/doctest.h>

#include <limits>
#include <vector>

namespace ln = lamina;

TEST_CASE_TEMPLATE("only infinities and NaN are not finite", T, float, double) {
    using limits = std::numeric_limits<T>;
    for (const T number :
         {T(0), -T(0), T(1), limits::max(), limits::lowest(), limits::min(), limits::denorm_min()})
        CHECK(ln::is_finite(number));
    for (const T number :
         {limits::infinity(), -limits::infinity(), limits::quiet_NaN(), -limits::quiet_NaN()})
        CHECK(!ln::is_finite(number));
}

TEST_CASE_TEMPLATE("one number that is not finite is found wherever it is", T, float, double) {
    std::vector<T> numbers(100, std::numeric_limits<T>::max());
    CHECK(ln::all_finite(numbers.data(), 100));
    CHECK(ln::all_finite(numbers.data(), 0));
    for (T& number : numbers) {
        number = std::numeric_limits<T>::infinity();
        CHECK(!ln::all_finite(numbers.data(), 100));
        number = std::numeric_limits<T>::quiet_NaN();
        CHECK(!ln::all_finite(numbers.data(), 100));
        number = T(1);
    }
}
