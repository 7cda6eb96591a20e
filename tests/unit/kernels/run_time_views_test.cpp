// Kernels compute the same bits of views with constant extents and of views with extents known at run time,
// for numbers and for packs.
#include <lamina/kernels/by_numbers.hpp>
#include <lamina/lamina.hpp>
#include <lamina/run_time_view.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

namespace ln = lamina;
namespace kernels = ln::kernels;
using kernels::Store;

namespace {

/// A tensor in both forms, with the same numbers: whole ones, so that sums have no rounding errors in any
/// order. Lanes differ.
template <class E, class S, ln::pad Halo = 0>
class Twice {
  public:
    explicit Twice(int seed = 0) {
        for (int i = 0; seed > 0 && i < S::size; ++i) {
            for (int lane = 0; lane < ln::lanes_of<E>; ++lane)
                ln::set_lane(constant()[i], lane,
                             static_cast<ln::scalar_of<E>>((i * 7 + lane * 5 + seed * 3) % 11 - 5));
            by_numbers()[i] = constant()[i];
        }
    }
    [[nodiscard]] ln::View<E, S, Halo> constant() noexcept {
        return ln::View<E, S, Halo>{constant_.data() + ln::Layout<S, Halo>::origin};
    }
    [[nodiscard]] ln::View<E, ln::AnyShape> by_numbers() noexcept {
        return {by_numbers_.data(), ln::Layout<ln::AnyShape>{S::extents, Halo}};
    }
    void require_same(int line = __builtin_LINE()) {
        CAPTURE(line);
        bool same = true, any = false;
        for (int i = 0; i < S::size; ++i)
            for (int lane = 0; lane < ln::lanes_of<E>; ++lane) {
                const auto a = ln::lane(constant()[i], lane), b = ln::lane(by_numbers()[i], lane);
                same = same && ln::is_equal(a, b);
                any = any || !ln::is_equal(a, decltype(a)(0));
            }
        REQUIRE(same);
        REQUIRE(any);
    }

  private:
    static constexpr std::size_t extent = ln::Layout<S, Halo>::extent + 64; // room for whole vectors
    std::vector<E> constant_ = std::vector<E>(extent, E(0)), by_numbers_ = constant_;
};

/// An epilogue that knows where it is.
struct ByChannel {
    template <class E>
    [[nodiscard]] E operator()(const E& e, int channel, auto...) const noexcept {
        return e * E(ln::scalar_of<E>(channel % 3 + 1));
    }
};

/// `L` is a convolution.
template <class L, class E, class In>
void check_conv() {
    using T = ln::scalar_of<E>;
    using Out = typename L::template output<In>;
    using Weight = typename L::template weight<In>;
    constexpr int taps = L::rule.taps(), filters = Out::extents[0], planes = Weight::size / taps / filters;
    constexpr kernels::RunTimeWindow numbers = L::rule.window(In::extents);
    constexpr kernels::Window<numbers> window;
    Twice<E, In, L::rule.sides(In::extents)> x{1};
    Twice<T, Weight> w{2}, dw{5};
    Twice<T, ln::Shape<filters>> b{3}, db{6};
    Twice<E, Out, 1> y;
    const ByChannel f;
    kernels::conv(x.constant(), w.constant().data(), b.constant().data(), y.constant(), window, f);
    kernels::conv(x.by_numbers(), w.by_numbers().data(), b.by_numbers().data(), y.by_numbers(), numbers, f);
    y.require_same();
    const T* const null = nullptr;
    kernels::conv(x.constant(), w.constant().data(), kernels::NoBias{}, y.constant(), window, f);
    kernels::conv(x.by_numbers(), w.by_numbers().data(), null, y.by_numbers(), numbers, f);
    y.require_same();

    if constexpr (!std::is_floating_point_v<E>) { // of one sample there is no backward
        Twice<E, Out, L::template gradient_halo<In>> dz{4};
        for (const bool overwrite : {false, true}) {
            kernels::conv_parameter_gradient(x.constant(), dz.constant(), dw.constant().data(),
                                             db.constant().data(), window, overwrite);
            kernels::conv_parameter_gradient(x.by_numbers(), dz.by_numbers(), dw.by_numbers().data(),
                                             db.by_numbers().data(), numbers, overwrite);
            dw.require_same();
            db.require_same();
        }
        if constexpr (L::rule.stride != ln::size{1}) // without a bias: once with groups, once without
            for (const bool overwrite : {false, true}) {
                T* const none = nullptr;
                kernels::conv_parameter_gradient(x.constant(), dz.constant(), dw.constant().data(),
                                                 kernels::NoBias{}, window, overwrite);
                kernels::conv_parameter_gradient(x.by_numbers(), dz.by_numbers(), dw.by_numbers().data(),
                                                 none, numbers, overwrite);
                dw.require_same();
            }
        std::vector<T> prepared(static_cast<std::size_t>(w.by_numbers().size) + 16);
        kernels::prepare_conv_weight(kernels::ByNumbers{}, w.by_numbers().data(), planes, taps, filters,
                                     prepared.data());
        Twice<E, In, 2> dx{7};
        kernels::conv_input_gradient<Store::add>(dz.constant(), w.constant().data(), dx.constant(), window);
        kernels::conv_input_gradient<Store::add>(dz.by_numbers(), prepared.data(), dx.by_numbers(), numbers);
        dx.require_same();
        kernels::conv_input_gradient(dz.constant(), w.constant().data(), dx.constant(), window);
        kernels::conv_input_gradient(dz.by_numbers(), prepared.data(), dx.by_numbers(), numbers);
        dx.require_same();
    }
}

template <class L, class In>
constexpr kernels::RunTimeWindow window_of = L::rule.window(In::extents);

/// `L` is a max pool; of its windows are the average pools, too.
template <class L, class E, class In>
void check_pools() {
    using Out = typename L::template output<In>;
    const kernels::RunTimeWindow numbers = window_of<L, In>;
    const kernels::Window<window_of<L, In>> window{};
    Twice<E, In, 1> x{1};
    Twice<E, Out, 2> y, dy{2};
    Twice<E, Out> argmax;
    for (const auto divisor : {kernels::Divisor::window, kernels::Divisor::cells}) {
        kernels::average_pool(x.constant(), y.constant(), window, kernels::AsItIs{}, divisor);
        kernels::average_pool(x.by_numbers(), y.by_numbers(), numbers, kernels::AsItIs{}, divisor);
        y.require_same();
    }
    kernels::max_pool(x.constant(), y.constant(), window);
    kernels::max_pool(x.by_numbers(), y.by_numbers(), numbers);
    y.require_same();
    const auto check = [&]<Store How>(std::integral_constant<Store, How>) {
        Twice<E, In, 1> dx{3};
        for (int divisor = 0; divisor < 2; ++divisor) {
            const auto by = static_cast<kernels::Divisor>(divisor);
            kernels::average_pool_gradient<How>(dy.constant(), dx.constant(), window, by);
            kernels::average_pool_gradient<How>(dy.by_numbers(), dx.by_numbers(), numbers, by);
            dx.require_same();
        }
        kernels::max_pool_gradient<How>(x.constant(), y.constant(), dy.constant(), dx.constant(), window);
        kernels::max_pool_gradient<How>(x.by_numbers(), y.by_numbers(), dy.by_numbers(), dx.by_numbers(),
                                        numbers);
        dx.require_same();
        if constexpr (!std::is_floating_point_v<E>) { // of one sample there is no backward
            kernels::max_pool(x.constant(), y.constant(), window, argmax.constant().data());
            kernels::max_pool(x.by_numbers(), y.by_numbers(), numbers, argmax.by_numbers().data());
            if (numbers.rows > 1)
                argmax.require_same();
            kernels::max_pool_gradient<How>(x.constant(), y.constant(), dy.constant(), dx.constant(), window);
            kernels::max_pool_gradient<How>(argmax.by_numbers().data(), dy.by_numbers(), dx.by_numbers(),
                                            numbers);
            dx.require_same();
        }
    };
    check(std::integral_constant<Store, Store::overwrite>{});
    check(std::integral_constant<Store, Store::add>{});
}

template <class E, class In>
void check_global_pools() {
    Twice<E, In, ln::pad{0, 0, 1, 2}> x{1};
    Twice<E, ln::Shape<In::extents[0]>> y, dy{2};
    kernels::global_average_pool(x.constant(), y.constant());
    kernels::global_average_pool(x.by_numbers(), y.by_numbers());
    y.require_same();
    kernels::global_max_pool(x.constant(), y.constant());
    kernels::global_max_pool(x.by_numbers(), y.by_numbers());
    y.require_same();
    const auto check = [&]<Store How>(std::integral_constant<Store, How>) {
        Twice<E, In, ln::pad{0, 0, 2, 1}> dx{3};
        kernels::global_average_pool_gradient<How>(dy.constant(), dx.constant());
        kernels::global_average_pool_gradient<How>(dy.by_numbers(), dx.by_numbers());
        dx.require_same();
        kernels::global_max_pool_gradient<How>(x.constant(), dy.constant(), dx.constant());
        kernels::global_max_pool_gradient<How>(x.by_numbers(), dy.by_numbers(), dx.by_numbers());
        dx.require_same();
    };
    check(std::integral_constant<Store, Store::overwrite>{});
    check(std::integral_constant<Store, Store::add>{});
}

template <kernels::Resampling How, class E, class In, class Out>
void check_resampling() {
    Twice<E, In, 1> x{1};
    Twice<E, Out, 2> y, dy{2};
    kernels::resample(x.constant(), y.constant(), How);
    kernels::resample(x.by_numbers(), y.by_numbers(), How);
    y.require_same();
    Twice<E, In, 1> dx{3};
    kernels::resample_gradient<Store::add>(dy.constant(), dx.constant(), How);
    kernels::resample_gradient<Store::add>(dy.by_numbers(), dx.by_numbers(), How);
    dx.require_same();
    kernels::resample_gradient(dy.constant(), dx.constant(), How);
    kernels::resample_gradient(dy.by_numbers(), dx.by_numbers(), How);
    dx.require_same();
}

template <class E, class In, ln::pad Halo, int Outputs>
void check_dense() {
    using T = ln::scalar_of<E>;
    Twice<E, In> x{1};
    Twice<T, ln::Shape<Outputs, In::size>> w{2}, dw{5};
    Twice<T, ln::Shape<Outputs>> b{3}, db{6};
    Twice<E, ln::Shape<Outputs>> y, dy{4};
    const ByChannel f;
    kernels::dense(kernels::flattened(x.constant()), w.constant().data(), b.constant().data(), y.constant(),
                   f);
    kernels::dense(kernels::flattened(x.by_numbers()), w.by_numbers().data(), b.by_numbers().data(),
                   y.by_numbers(), f);
    y.require_same();
    for (const bool overwrite : {false, true}) {
        kernels::dense_parameter_gradient(x.constant(), dy.constant(), dw.constant().data(),
                                          db.constant().data(), overwrite);
        kernels::dense_parameter_gradient(x.by_numbers(), dy.by_numbers(), dw.by_numbers().data(),
                                          db.by_numbers().data(), overwrite);
        dw.require_same();
        db.require_same();
    }
    Twice<E, In, Halo> dx{7};
    kernels::dense_input_gradient<Store::add>(dy.constant(), w.constant().data(), dx.constant());
    kernels::dense_input_gradient<Store::add>(dy.by_numbers(), w.by_numbers().data(), dx.by_numbers());
    dx.require_same();
    kernels::dense_input_gradient(dy.constant(), w.constant().data(), dx.constant());
    kernels::dense_input_gradient(dy.by_numbers(), w.by_numbers().data(), dx.by_numbers());
    dx.require_same();
}

/// All kernels that take elements one by one, and norms. The second form gets what the first got.
template <class E, class S, ln::pad Halo>
void check_elements() {
    using T = ln::scalar_of<E>;
    constexpr int C = S::extents[0];
    Twice<E, S, Halo> x{1}, dy{2}, y{3}, dx{4};
    const auto f = [](auto a, auto b) { return a * b - a; };
    kernels::map(y.constant(), f, x.constant(), dy.constant());
    kernels::map(y.by_numbers(), f, x.by_numbers(), dy.by_numbers());
    y.require_same();
    kernels::map<Store::add>(y.constant(), f, x.constant(), dy.constant());
    kernels::map<Store::add>(y.by_numbers(), f, x.by_numbers(), dy.by_numbers());
    y.require_same();
    const auto of_channel = [](int c, auto e) { return e * decltype(e)(T(c + 1)); };
    kernels::map_channels<Store::add>(y.constant(), of_channel, x.constant());
    kernels::map_channels<Store::add>(y.by_numbers(), of_channel, x.by_numbers());
    y.require_same();
    REQUIRE(ln::is_equal(ln::lane_sum(kernels::sum_of_channel(C - 1, f, x.constant(), dy.constant())),
                         ln::lane_sum(kernels::sum_of_channel(C - 1, f, x.by_numbers(), dy.by_numbers()))));
    ln::Softmax{}.forward(x.constant(), 0, y.constant());
    ln::Softmax{}.forward(x.by_numbers(), 0, y.by_numbers());
    y.require_same();
    ln::Softmax{}.template input_gradient<Store::add>(0, y.constant(), dy.constant(), 0, dx.constant());
    ln::Softmax{}.template input_gradient<Store::add>(0, y.by_numbers(), dy.by_numbers(), 0, dx.by_numbers());
    dx.require_same();
    std::uint32_t samples[64];
    for (std::uint32_t i = 0; i < 64; ++i)
        samples[i] = i;
    const kernels::RandomNumbers<E> random{kernels::LayerKey{ln::seed{1}, 2, 3}, samples};
    kernels::dropout<Store::add>(x.constant(), random, 40, dx.constant());
    kernels::dropout<Store::add>(x.by_numbers(), random, 40, dx.by_numbers());
    dx.require_same();

    Twice<double, ln::Shape<C>> mean, deviation, sum, product;
    Twice<T, ln::Shape<C>> gamma{5}, beta{6}, running_mean{7}, running_var;
    const int lanes = ln::lanes_of<E> > 1 ? ln::lanes_of<E> - 1 : 1;
    const auto through = [](auto e, auto...) { return e + e; };
    const auto all = [&](auto form) {
        const double count = kernels::batch_norm_gather(form(x), lanes, form(mean), form(deviation));
        kernels::batch_norm_finish(count, 0.1, 1e-5, form(mean), form(deviation), form(running_mean),
                                   form(running_var));
        kernels::batch_norm(form(x), form(mean), form(deviation), form(gamma), form(beta), form(y), through);
        kernels::batch_norm_gather_gradient(form(x), form(dy), form(mean), form(deviation), form(sum),
                                            form(product), through);
        kernels::batch_norm_input_gradient<Store::add>(form(x), form(dy), lanes, form(mean), form(deviation),
                                                       form(sum), form(product), count, form(gamma),
                                                       form(dx));
    };
    all([](auto& of) { return of.constant(); });
    all([](auto& of) { return of.by_numbers(); });
    y.require_same();
    dy.require_same();
    dx.require_same();
    running_mean.require_same();
    if (S::size > C || lanes > 1) // of one number no variance is known
        running_var.require_same();
    const auto running = [&](auto form, auto after) {
        kernels::batch_norm_running(form(x), form(running_mean), form(running_mean), 1000, form(gamma),
                                    form(beta), form(y), after);
    };
    running([](auto& of) { return of.constant(); }, kernels::AsItIs{});
    running([](auto& of) { return of.by_numbers(); }, kernels::AsItIs{});
    y.require_same();

    Twice<T, S> weight{8}, bias{9}, dweight{1}, dbias{2};
    const auto layer_norm = [&](auto form) {
        E middle, inverse;
        kernels::layer_norm(form(x), 1e-5, form(weight), form(bias), form(y), middle, inverse, through);
        kernels::layer_norm_input_gradient<Store::add>(form(x), form(dy), middle, inverse, form(weight),
                                                       form(dx));
        kernels::layer_norm_parameter_gradient(form(x), form(dy), middle, inverse, form(dweight), form(dbias),
                                               false);
    };
    layer_norm([](auto& of) { return of.constant(); });
    layer_norm([](auto& of) { return of.by_numbers(); });
    y.require_same();
    dx.require_same();
    dweight.require_same();
    dbias.require_same();
}

template <class E>
void check_parts() {
    Twice<E, ln::Shape<5, 3, 4>, 1> whole{1};
    Twice<E, ln::Shape<2, 3, 4>, 2> part{2};
    Twice<E, ln::Shape<30>> row{3};
    const auto add = [](auto& to, auto& from) {
        to = to + from;
        from = to;
    };
    kernels::map_part(whole.constant(), 2, part.constant(), add);
    kernels::map_part(whole.by_numbers(), 2, part.by_numbers(), add);
    kernels::map_part(row.constant(), 5, part.constant(), add);
    kernels::map_part(row.by_numbers(), 5, part.by_numbers(), add);
    whole.require_same();
    part.require_same();
    row.require_same();
    kernels::fill_zero(part.by_numbers());
    kernels::fill_zero(part.constant());
    kernels::copy(part.constant(), ln::View<E, ln::Shape<2, 3, 4>>{row.constant().data()});
    kernels::copy(part.by_numbers(), ln::View<E, ln::AnyShape>{row.by_numbers().data(),
                                                               ln::Layout<ln::AnyShape>{ln::dims{2, 3, 4}}});
    row.require_same();
}

template <class E>
void check_all() {
    check_conv<ln::Conv<18, 3, 1, 1>, E, ln::Shape<3, 7, 9>>();
    check_conv<ln::Conv<40, 1>, E, ln::Shape<9, 3, 4>>();
    check_conv<ln::Conv<3, 5, 2, 2>, E, ln::Shape<1, 7, 8>>();
    check_conv<ln::Conv<4, ln::size{4, 3}, ln::size{2, 3}, ln::same, 2, 2>, E, ln::Shape<6, 9, 11>>();
    check_pools<ln::MaxPool<2, 2>, E, ln::Shape<3, 6, 7>>();
    check_pools<ln::MaxPool<3, 2>, E, ln::Shape<2, 7, 9>>();
    check_pools<ln::MaxPool<2, 3>, E, ln::Shape<2, 5, 40>>();
    check_pools<ln::MaxPool<2, 2, 1>, E, ln::Shape<3, 6, 7>>(); // usual windows, padded
    check_pools<ln::MaxPool<3, 2, ln::same>, E, ln::Shape<2, 6, 9>>();
    check_pools<ln::MaxPool<ln::size{2, 4}, ln::size{1, 3}, ln::pad{0, 1, 3, 2}>, E, ln::Shape<2, 5, 7>>();
    check_global_pools<E, ln::Shape<6, 3, 5>>();
    check_global_pools<E, ln::Shape<5, 37>>();
    check_resampling<kernels::Resampling::nearest, E, ln::Shape<3, 4, 5>, ln::Shape<3, 8, 5>>();
    check_resampling<kernels::Resampling::bilinear, E, ln::Shape<2, 5, 40>, ln::Shape<2, 10, 80>>();
    check_resampling<kernels::Resampling::mean, E, ln::Shape<2, 7, 6>, ln::Shape<2, 2, 4>>();
    check_dense<E, ln::Shape<3, 4, 5>, 1, 10>();
    check_dense<E, ln::Shape<130>, 0, 3>();
    check_elements<E, ln::Shape<3, 6, 19>, 1>();
    check_elements<E, ln::Shape<3, 6, 19>, 0>();
    check_elements<E, ln::Shape<37>, 0>();
    check_parts<E>();
}

} // namespace

TEST_CASE("kernels compute the same of numbers with constant extents and with extents known at run time") {
    check_all<float>();
}
TEST_CASE("kernels compute the same of packs with constant extents and with extents known at run time") {
    check_all<ln::pack<float>>();
}

TEST_CASE("an epilogue finishes each row of a view with extents known at run time once it is written") {
    struct Rows : kernels::AsItIs {
        std::vector<int>* seen;
        void finish_row(const ln::View<float, ln::AnyShape>& v, int c, int i) const noexcept {
            for (int j = 0; j < v.geometry().width; ++j)
                ++(*seen)[static_cast<std::size_t>(v.at(c, i, j) - v.data())];
        }
    };
    const auto check = [](auto kernel, const ln::dims& d) {
        std::vector<float> numbers(d.size() + 64);
        std::vector<int> seen(d.size() + 64);
        kernel(ln::View<float, ln::AnyShape>{numbers.data(), ln::Layout<ln::AnyShape>{d}}, Rows{{}, &seen});
        for (std::size_t i = 0; i < seen.size(); ++i)
            REQUIRE(seen[i] == (i < d.size() ? 1 : 0));
    };
    Twice<float, ln::Shape<3, 8, 9>, 1> x{1};
    Twice<float, ln::Shape<400>> w{2};
    const auto mean = w.by_numbers();
    const auto norm = [&](auto y, auto f) {
        kernels::batch_norm_running(y, mean, mean, 1000, mean, mean, y, f);
    };
    const float* const p = w.by_numbers().data();
    check(
        [&](auto y, auto f) {
            kernels::conv(x.by_numbers(), p, p, y, kernels::RunTimeWindow{3, 3, 1, 1}, f);
        },
        {7, 8, 9});
    check(
        [&](auto y, auto f) {
            kernels::max_pool(x.by_numbers(), y, kernels::RunTimeWindow{2, 2, 2, 2}, nullptr, f);
        },
        {3, 4, 4});
    check(
        [&](auto y, auto f) {
            kernels::average_pool(x.by_numbers(), y, kernels::RunTimeWindow{3, 3, 2, 2}, f);
        },
        {3, 3, 4});
    check([&](auto y, auto f) { kernels::dense(mean, p, p, y, f); }, {1});
    check(norm, {3, 4, 5});
    check(norm, {11});
}
