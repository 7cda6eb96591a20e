#include <lamina/core.hpp>
#include <lamina/train/batches.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ln = lamina;

namespace {

using Model = ln::Model<ln::Net<ln::Dense<2>>, ln::Shape<1>>;
using Order = std::vector<std::uint32_t>;

/// Data that are the same in each epoch.
struct Data {};

} // namespace

TEST_CASE("batches: an epoch has each sample once, in its own order, and the last batch has what is left") {
    const Data data;
    ln::detail::Batches<Model, Data> batches{data, 10, 4, ln::seed{7}};
    CHECK(batches.samples() == 10);
    CHECK(batches.count() == 3);
    CHECK(batches.last_of_epoch() == 8);
    const auto order_of = [&](int epoch) {
        batches.begin_epoch(epoch);
        CHECK(batches.epoch() == epoch);
        Order order;
        for (const std::size_t first : {0U, 4U, 8U})
            batches.with_batch(first, [&](const Data& given, auto indices) {
                CHECK(&given == &data);
                CHECK(indices.size() == batches.samples_from(first));
                CHECK(indices.size() == (first < 8 ? 4 : 2));
                order.insert(order.end(), indices.begin(), indices.end());
            });
        return order;
    };
    // Worked out by another implementation of SplitMix64.
    CHECK(order_of(1) == Order{6, 1, 8, 3, 0, 2, 9, 4, 5, 7});
    CHECK(order_of(2) == Order{1, 3, 0, 4, 8, 2, 9, 7, 6, 5});
    CHECK(order_of(1) == Order{6, 1, 8, 3, 0, 2, 9, 4, 5, 7});
}

TEST_CASE("batches: samples that fill whole batches") {
    const Data data;
    ln::detail::Batches<Model, Data> batches{data, 8, 4, ln::seed{7}};
    CHECK(batches.count() == 2);
    CHECK(batches.last_of_epoch() == 4);
    CHECK(batches.samples_from(4) == 4);
}
