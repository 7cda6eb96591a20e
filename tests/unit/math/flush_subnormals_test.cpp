#include <lamina/math/flush_subnormals.hpp>

#include <lamina/core.hpp>
#include <lamina/train/team.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace ln = lamina;

namespace {

constexpr float smallest = std::numeric_limits<float>::denorm_min();

using Model = ln::Model<ln::Net<ln::Dense<2>>, ln::Shape<3>>;

/// Passes its second input on as its first output.
Model made_model() {
    Model model;
    model.weight<0>()(0, 1) = 1;
    return model;
}

Model::Input made_input() {
    Model::Input x{};
    x[1] = smallest;
    return x;
}

} // namespace

TEST_CASE("FlushSubnormals: subnormal numbers count as zero in the scope, and as before behind it") {
    const Model model = made_model();
    const Model::Input x = made_input();
    CHECK(ln::FlushSubnormals::current() == 0);
    CHECK(model.forward(x)[0] == smallest);
    {
        const ln::FlushSubnormals scope;
        CHECK(ln::FlushSubnormals::current() == ln::FlushSubnormals::all);
        const float y = model.forward(x)[0];
        { const ln::FlushSubnormals once_more; }
        CHECK(ln::FlushSubnormals::current() == ln::FlushSubnormals::all);
        {
            const ln::FlushSubnormals not_here{0};
            CHECK(model.forward(x)[0] == smallest);
            CHECK(y == (ln::FlushSubnormals::possible ? 0 : smallest));
        }
    }
    CHECK(ln::FlushSubnormals::current() == 0);
    CHECK(model.forward(x)[0] == smallest);
}

TEST_CASE("FlushSubnormals: a thread that has set a part of the mode gets all of it, and keeps its part "
          "behind the scope") {
    for (std::uint32_t bit = 1; bit != 0; bit <<= 1U) {
        if ((ln::FlushSubnormals::all & bit) == 0)
            continue;
        const ln::FlushSubnormals part{bit};
        {
            const ln::FlushSubnormals scope;
            CHECK(ln::FlushSubnormals::current() == ln::FlushSubnormals::all);
        }
        CHECK(ln::FlushSubnormals::current() == bit);
    }
}

TEST_CASE("FlushSubnormals: all threads do as the one that starts them, and go back") {
    const Model model = made_model();
    const std::vector<Model::Input> x(8 * ln::native_lanes<float>, made_input());
    std::vector<Model::Output> y(x.size());
    const auto check_all = [&](float expected, int threads) {
        ln::forward(model, std::span<const Model::Input>{x}, std::span<Model::Output>{y}, threads);
        const ln::FlushSubnormals not_here{0};
        for (const Model::Output& output : y)
            REQUIRE(output[0] == expected);
    };
    for (const int threads : {1, 2, 3}) {
        check_all(smallest, threads); // the threads are there before the scope is
        {
            const ln::FlushSubnormals scope;
            check_all(ln::FlushSubnormals::possible ? 0 : smallest, threads);
        }
        check_all(smallest, threads);
    }
}
