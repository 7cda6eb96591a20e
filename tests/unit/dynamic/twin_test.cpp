// Twins of models with statistics of the batch, random numbers, several outputs, and a user's own layers.
#include "../../laws/allocations.hpp"
#include "compiled_once.hpp"
#include "reference.hpp"

#include <lamina/core.hpp>
#include <lamina/dynamic/twin.hpp>

#include <doctest/doctest.h>

#include <memory>
#include <span>
#include <vector>

namespace ln = lamina;
namespace dynamic = lamina::dynamic;

namespace {

/// An activation of a user's own, which keeps its input.
struct Bump : ln::Elementwise<Bump> {
    static constexpr const char* name = "Bump";
    static constexpr auto value(auto x) { return ln::exp(-x * x); }
    static constexpr auto slope_of_input(auto x) { return decltype(x)(-2) * x * ln::exp(-x * x); }
};

/// y = w(c) x, with a halo that it asks for and does not read. It knows nothing of run-time views.
struct ChannelScale {
    static constexpr const char* name = "ChannelScale";
    template <class In>
    using output = In;
    template <class In>
    using weight = ln::Shape<ln::channels<In>>;
    static constexpr double initial_weight = 0.75;
    template <class In, ln::Order O>
    static constexpr int input_halo = 1;

    static constexpr void forward(auto x, auto p, auto y) {
        using S = typename decltype(x)::shape;
        for (int c = 0; c < ln::channels<S>; ++c)
            for (int i = 0; i < ln::height<S>; ++i)
                for (int j = 0; j < ln::width<S>; ++j)
                    y(c, i, j) = x(c, i, j) * typename decltype(y)::element(p.weight[c]);
    }
    static constexpr void input_gradient(auto /*x*/, auto /*y*/, auto dy, auto p, auto dx) {
        using S = typename decltype(dx)::shape;
        for (int c = 0; c < ln::channels<S>; ++c)
            for (int i = 0; i < ln::height<S>; ++i)
                for (int j = 0; j < ln::width<S>; ++j)
                    dx(c, i, j) = dy(c, i, j) * typename decltype(dx)::element(p.weight[c]);
    }
    static constexpr void parameter_gradient(auto x, auto /*y*/, auto dy, auto dp) {
        using S = typename decltype(x)::shape;
        for (int c = 0; c < ln::channels<S>; ++c)
            for (int i = 0; i < ln::height<S>; ++i)
                for (int j = 0; j < ln::width<S>; ++j)
                    dp.weight[c] += ln::lane_sum(x(c, i, j) * dy(c, i, j));
    }
};

/// x less its mean over the batch, a channel at a time; in inference x. It knows nothing of run-time views.
struct Centred {
    static constexpr const char* name = "Centred";
    template <class In>
    using output = In;
    template <class In>
    struct gathered {
        ln::View<double, ln::Shape<ln::channels<In>>> mean;
        static constexpr void fields(auto& list, auto f) { f("mean", list.mean); }
    };
    template <class In>
    struct gathered_gradient {
        ln::View<double, ln::Shape<ln::channels<In>>> sum;
        static constexpr void fields(auto& list, auto f) { f("sum", list.sum); }
    };

    static constexpr void forward(auto x, auto /*p*/, auto y, auto pass) {
        each(x, [&](int c, auto... at) {
            using E = typename decltype(y)::element;
            y(c, at...) = x(c, at...);
            if constexpr (decltype(pass)::training)
                y(c, at...) -= E(static_cast<float>(pass.gathered.mean[c]));
        });
    }
    static constexpr void input_gradient(auto x, auto /*y*/, auto dy, auto /*p*/, auto dx, auto pass) {
        each(x, [&](int c, auto... at) {
            const float mean = static_cast<float>(pass.gathered_gradient.sum[c] / pass.count);
            for (int lane = 0; lane < ln::lanes_of<typename decltype(dx)::element>; ++lane)
                ln::set_lane(dx(c, at...), lane,
                             lane < pass.samples.count ? ln::lane(dy(c, at...), lane) - mean : 0.0F);
        });
    }
    static constexpr double gather(auto x, int samples, auto own) {
        using S = typename decltype(x)::shape;
        const double count = static_cast<double>(ln::height<S>) * ln::width<S> * samples;
        for (int c = 0; c < own.mean.size; ++c)
            own.mean[c] = 0;
        each(x, [&](int c, auto... at) {
            for (int lane = 0; lane < samples; ++lane)
                own.mean[c] += static_cast<double>(ln::lane(x(c, at...), lane)) / count;
        });
        return count;
    }
    static constexpr double merge(double count, auto own, double more_count, auto more) {
        for (int c = 0; c < own.mean.size; ++c)
            own.mean[c] = (count * own.mean[c] + more_count * more.mean[c]) / (count + more_count);
        return count + more_count;
    }
    static constexpr void finish(double /*count*/, auto /*all*/, auto /*kept*/) {}
    static constexpr void gather_gradient(auto x, auto dy, auto /*all*/, auto own) {
        for (int c = 0; c < own.sum.size; ++c)
            own.sum[c] = 0;
        each(x, [&](int c, auto... at) { own.sum[c] += static_cast<double>(ln::lane_sum(dy(c, at...))); });
    }

  private:
    static constexpr void each(auto x, auto f) {
        using S = typename decltype(x)::shape;
        for (int c = 0; c < ln::channels<S>; ++c)
            for (int i = 0; i < ln::height<S>; ++i)
                for (int j = 0; j < ln::width<S>; ++j)
                    f(c, i, j);
    }
};

void check_close(std::span<const float> found, std::span<const float> expected) {
    twins::check_close(found, expected, 4e-6); // sums of at most some hundred terms, in another order
}

/// Answers for one sample and for many, and the gradients of a pack.
template <class Model>
void check_twin() {
    constexpr std::size_t in = Model::input_shape::size, out = Model::output_shape::size;
    constexpr std::size_t lanes = ln::native_lanes<float>;
    const auto model = std::make_unique<Model>(ln::seed{5});
    dynamic::Network net = dynamic::twin(*model);
    INFO(net.topology());
    for (std::size_t t = 0; t < Model::tensors.size(); ++t)
        CHECK(std::string_view{net.tensors()[t].name} == std::string_view{Model::tensors[t].name});
    const std::vector<float> x = twins::numbers(in * lanes, 1), dy = twins::numbers(out * lanes, 2);

    std::vector<float> expected, found(out * lanes);
    for (std::size_t r = 0; r < lanes; ++r) {
        typename Model::Input sample;
        std::copy_n(x.begin() + static_cast<std::ptrdiff_t>(r * in), in, sample.begin());
        const typename Model::Output y = model->forward(sample);
        expected.insert(expected.end(), y.begin(), y.end());
        check_close(net.forward(std::span{x}.subspan(r * in, in)), {y.begin(), y.end()});
    }
    net.forward(x, found);
    check_close(found, expected);

    const auto pass = std::make_unique<ln::topology::TrainingPass<typename Model::plan, ln::pack<float>>>();
    dynamic::TrainingPass twin = net.training_pass();
    std::vector<float> gradients(model->parameters().size()), twin_gradients(gradients.size());
    twins::put(pass->input(), x);
    twins::put(twin.input(), x);
    pass->forward(model->numbers().data(), twins::samples);
    twin.forward(net.numbers().data(), twins::samples);
    check_close(twins::taken(twin.output()), twins::taken(pass->output()));
    for (int time = 0; time < 2; ++time) {
        twins::put(pass->output_gradient(), dy);
        twins::put(twin.output_gradient(), dy);
        pass->backward(model->numbers().data(), gradients.data(), time == 0, twins::samples);
        const std::size_t before = laws::allocations();
        twin.backward(net.numbers().data(), twin_gradients.data(), time == 0, twins::samples);
        twin.forward(net.numbers().data(), twins::samples);
        CHECK(laws::allocations() == before);
    }
    check_close(twin_gradients, gradients);
}

} // namespace

TEST_CASE("dynamic: twins have batch norm, dropout, blocks and named parts") {
    using namespace lamina;
    check_twin<Model<Net<Conv<4, 3, 1, 1>, BatchNorm<>, ReLU, MaxPool<2, 2>, Dropout<30>, Dense<6>,
                         BatchNorm<>, Sigmoid, Dense<3>>,
                     Shape<2, 8, 8>>>();
    check_twin<Model<Net<Named<"stem", Conv<16, 3, 1, 1>>,
                         Residual<Conv<16, 3, 1, 1>, BatchNorm<20, 5>, ReLU, Conv<16, 3, 1, 1>, BatchNorm<>>,
                         ReLU, LayerNorm, PReLU<16>, Dropout<>, AvgPool<2, 2>, GELU, Dense<5>, PReLU<>>,
                     Shape<2, 8, 8>>>();
    check_twin<
        Model<Net<Conv<4, 3>, ReLU6, HardSwish,
                  Product<Identity, Net<Conv<4, 1>, Sigmoid>, Net<Conv<4, 3, 1, 1>>>, GELUTanh, Dense<4>>,
              Shape<2, 8, 8>>>();
}

TEST_CASE("dynamic: twins have several outputs, and a Dense beside a convolution") {
    using namespace lamina;
    check_twin<Model<
        Net<Conv<16, 3, 1, 1>, Outputs<Named<"a", Dense<3>>, Net<Conv<3, 3, 1, 1>, ELU<1, 2>, Scale<1, 2>>>>,
        Shape<2, 8, 8>>>();
}

TEST_CASE("dynamic: twins have a user's layers, whether they know run-time views or not") {
    using namespace lamina;
    check_twin<
        Model<Net<Conv<4, 3>, Bump, ChannelScale, Conv<3, 3, 1, 1>, Tanh, ChannelScale, Dense<5>, Bump>,
              Shape<2, 7, 8>>>();
    check_twin<
        Model<Net<Conv<4, 3, 1, 1>, Sum<ChannelScale, Identity, Net<ChannelScale, Conv<4, 3, 1, 1>>>, ReLU>,
              Shape<2, 6, 5>>>();
    // One needs the whole batch, behind a value with a halo.
    check_twin<
        Model<Net<Conv<4, 3>, Sum<Centred, Conv<4, 3, 1, 1>>, Tanh, Centred, Dense<3>>, Shape<2, 6, 5>>>();
    // The first one's input has no gradient, and its output has a halo that it knows nothing of.
    check_twin<Model<Net<ChannelScale, Conv<4, 3, 1, 1>, ReLU, Dense<3>>, Shape<2, 6, 5>>>();
}
