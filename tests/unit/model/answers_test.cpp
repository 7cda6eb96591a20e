// softmax, argmax and top_k against PyTorch, and where the values are known.
#include <lamina/core.hpp>

#include "oracle/cases.hpp"
#include "oracle/compare.hpp"
#include "oracle/made_numbers.hpp"
#include "oracle/reference.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>

namespace ln = lamina;
using namespace oracle;

namespace {

template <class T, int Case>
void check_against_torch() {
    static constexpr AnswerCase c = answer_cases[Case];
    using Output = ln::Tensor<T, ln::Shape<c.shape.channels, c.shape.height, c.shape.width>>;
    CAPTURE(name(c));
    const References references{"answers"};
    const MadeNumbers values{name(c)};
    Output y;
    for (int i = 0; i < y.size; ++i)
        y[i] = static_cast<T>(c.scale * values[static_cast<std::uint64_t>(i)]);

    // e^x is good to two units in the last place, and so is each term of the sum and the quotient.
    const Output p = ln::softmax(y);
    Difference difference;
    for (int i = 0; i < p.size; ++i)
        difference.add(static_cast<double>(p[i]),
                       references[name(c) + "/softmax"].values[static_cast<std::size_t>(i)]);
    CHECK(difference.relative() <= (sizeof(T) == 8 ? 2e-15 : 1e-6));

    const auto check_largest = [&](const std::string& record) {
        CHECK(ln::argmax(y) == references[record + "/argmax"].values[0]);
        const auto best = ln::top_k<answer_top>(y);
        for (std::size_t k = 0; k < best.size(); ++k)
            CHECK(best[k].index == references[record + "/topk"].values[k]);
    };
    check_largest(name(c));
    y[1] = std::numeric_limits<T>::quiet_NaN();
    check_largest(name(c) + "/nan");
}

constexpr ln::Tensor<float, ln::Shape<2, 3>> tied{{2, 7, 1, 7, 0, 7}};
static_assert(ln::argmax(tied) == 1);
static_assert(ln::top_k<2>(tied)[0].index == 1 && ln::top_k<2>(tied)[1].index == 3);
static_assert(ln::top_k<6>(tied)[5].index == 4 && ln::top_k<6>(tied)[5].value == 0.0F);
static_assert(ln::softmax(ln::Tensor<double, ln::Shape<2>>{{3, 3}})[1] == 0.5);
static_assert(noexcept(ln::softmax(tied)) && noexcept(ln::argmax(tied)) && noexcept(ln::top_k<3>(tied)));

} // namespace

TEST_CASE("answers: softmax, argmax and top_k are PyTorch's, with a NaN among the outputs too") {
    check_against_torch<float, 0>();
    check_against_torch<float, 1>();
    check_against_torch<double, 0>();
    check_against_torch<double, 1>();
}

TEST_CASE("answers: top_k is the largest first, of equal ones the lower index, down to all of them") {
    const auto best = ln::top_k<6>(tied);
    const int indices[] = {1, 3, 5, 0, 2, 4};
    for (std::size_t k = 0; k < 6; ++k) {
        CHECK(best[k].index == indices[k]);
        CHECK(best[k].value == tied[indices[k]]);
    }
}

TEST_CASE("answers: several NaN are ahead of infinity, in their order") {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN(),
                     infinity = std::numeric_limits<double>::infinity();
    const ln::Tensor<double, ln::Shape<5>> y{{1, -nan, infinity, nan, -infinity}};
    CHECK(ln::argmax(y) == 1);
    const auto best = ln::top_k<4>(y);
    const int indices[] = {1, 3, 2, 0};
    for (std::size_t k = 0; k < 4; ++k)
        CHECK(best[k].index == indices[k]);
}

TEST_CASE("answers: softmax neither overflows nor loses small ones, and infinity is as in PyTorch") {
    constexpr float largest = std::numeric_limits<float>::max(),
                    infinity = std::numeric_limits<float>::infinity();
    const auto far = ln::softmax(ln::Tensor<float, ln::Shape<3>>{{largest, -largest, largest}});
    CHECK(far[0] == 0.5F);
    CHECK(far[1] == 0);
    CHECK(far[2] == 0.5F);
    // e^-20 = 2.06115362e-9
    CHECK(ln::softmax(ln::Tensor<float, ln::Shape<2>>{{-1000, -1020}})[1] ==
          doctest::Approx(2.06115362e-9).epsilon(1e-6));
    CHECK(ln::softmax(ln::Tensor<float, ln::Shape<2>>{{-infinity, 1}})[0] == 0);
    for (const float bad : {infinity, std::numeric_limits<float>::quiet_NaN()}) {
        const auto p = ln::softmax(ln::Tensor<float, ln::Shape<2>>{{1, bad}});
        CHECK(p[0] != p[0]);
        CHECK(p[1] != p[1]);
    }
}
