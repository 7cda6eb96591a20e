// Gradients of inputs overwrite what is there, or add to it, also where register tiles overlap. Epilogues
// know the indices of the result.
#include <lamina/lamina.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <memory>
#include <type_traits>
#include <vector>

namespace ln = lamina;
using ln::kernels::Store;

namespace {

/// A tensor of packs or numbers with a halo of zeros, in either order.
template <class E, class S, ln::pad Halo = 0, ln::Order O = ln::Order::planes>
class Values {
  public:
    using layout = ln::Layout<S, Halo, O>;
    /// Every lane differs; whole numbers, so that sums have no rounding errors in any order.
    explicit Values(int seed = 0) {
        auto v = view();
        if (seed > 0)
            for (int i = 0; i < S::size; ++i)
                for (int lane = 0; lane < ln::lanes_of<E>; ++lane)
                    ln::set_lane(v[i], lane,
                                 static_cast<ln::scalar_of<E>>((i * 7 + lane * 5 + seed * 3) % 11 - 5));
    }
    [[nodiscard]] ln::View<E, S, Halo, O> view() noexcept {
        return ln::View<E, S, Halo, O>{values_.get() + layout::origin};
    }
    [[nodiscard]] double at(int lane, auto... index) noexcept {
        return static_cast<double>(ln::lane(view()(index...), lane));
    }

  private:
    std::unique_ptr<E[]> values_ =
        std::make_unique<E[]>(static_cast<std::size_t>(layout::extent + 16)); // room for a whole vector
};

/// f(element type, whether to add) for numbers and for packs.
void for_all_kinds(auto f) {
    const auto both = [&](auto e) {
        f(e, std::integral_constant<Store, Store::overwrite>{});
        f(e, std::integral_constant<Store, Store::add>{});
    };
    both(double{});
    both(ln::pack<float>{});
}

/// Compares dx with the gradient by the formula, `plain(lane, c, y, x)`, plus what was there if it is added.
template <Store How, class E, class S>
void require_gradient(Values<E, S>& dx, Values<E, S>& before, auto plain) {
    for (int lane = 0; lane < ln::lanes_of<E>; ++lane)
        for (int c = 0; c < ln::channels<S>; ++c)
            for (int y = 0; y < ln::height<S>; ++y)
                for (int x = 0; x < ln::width<S>; ++x) {
                    const double there = How == Store::add ? before.at(lane, c, y, x) : 0;
                    REQUIRE(dx.at(lane, c, y, x) == there + plain(lane, c, y, x));
                }
}

template <class E, Store How, int C, int H, int W, int F, int K, int S, int P>
void check_conv() {
    using L = ln::Conv<F, K, S, P>;
    using In = ln::Shape<C, H, W>;
    using Out = typename L::template output<In>;
    using T = ln::scalar_of<E>;
    Values<E, Out, L::template gradient_halo<In>> dz{1};
    Values<T, typename L::template weight<In>> w{2};
    Values<E, In> dx{3}, before{3};
    struct {
        ln::View<T, typename L::template weight<In>> weight;
    } const p{w.view()};
    L{}.template input_gradient<How>(0, 0, dz.view(), p, dx.view());
    require_gradient<How>(dx, before, [&](int lane, int c, int y, int x) {
        double sum = 0;
        for (int i = 0; i < ln::height<Out>; ++i)
            for (int j = 0; j < ln::width<Out>; ++j) {
                const int u = y + P - i * S, v = x + P - j * S;
                if (u >= 0 && u < K && v >= 0 && v < K)
                    for (int o = 0; o < F; ++o)
                        sum += w.at(0, c, u, v, o) * dz.at(lane, o, i, j);
            }
        return sum;
    });
}

template <class L, class E, Store How, class In>
void check_pool(auto plain) {
    using Out = typename L::template output<In>;
    constexpr ln::kernels::RunTimeWindow W = L::rule.window(In::extents);
    Values<E, In> x{4}, dx{3}, before{3};
    Values<E, Out> y, dy{2};
    L{}.forward(x.view(), 0, y.view());
    L{}.template input_gradient<How>(x.view(), y.view(), dy.view(), 0, dx.view());
    require_gradient<How>(dx, before, [&](int lane, int c, int row, int column) {
        double sum = 0;
        for (int i = 0; i < ln::height<Out>; ++i)
            for (int j = 0; j < ln::width<Out>; ++j) {
                const int u = row - i * W.row_stride + W.top, v = column - j * W.column_stride + W.left;
                if (u >= 0 && u < W.rows && v >= 0 && v < W.columns)
                    sum += plain(lane, c, i, j, u, v, x, y) * dy.at(lane, c, i, j);
            }
        return sum;
    });
}

} // namespace

TEST_CASE("the input gradient of a convolution overwrites dx or adds to it once, whatever its tiles") {
    for_all_kinds([]<class E, Store How>(E, std::integral_constant<Store, How>) {
        check_conv<E, How, 3, 7, 9, 5, 3, 1, 1>();
        check_conv<E, How, 17, 5, 11, 3, 3, 1, 0>(); // channels and columns in tiles that overlap
        check_conv<E, How, 5, 13, 7, 2, 3, 2, 1>();
        check_conv<E, How, 2, 9, 9, 3, 2, 3, 0>(); // pixels that no tap meets
        check_conv<E, How, 7, 3, 13, 9, 1, 1, 0>();
    });
}

TEST_CASE("the input gradient of a dense layer overwrites dx or adds to it once, whatever its tiles") {
    for_all_kinds([]<class E, Store How>(E, std::integral_constant<Store, How>) {
        using In = ln::Shape<1, 1, 29>;
        using T = ln::scalar_of<E>;
        Values<E, ln::Shape<7>> dz{1};
        Values<T, ln::Shape<7, 29>> w{2};
        Values<E, In> dx{3}, before{3};
        struct {
            ln::View<T, ln::Shape<7, 29>> weight;
        } const p{w.view()};
        ln::Dense<7>::input_gradient<How>(0, 0, dz.view(), p, dx.view());
        require_gradient<How>(dx, before, [&](int lane, int, int, int i) {
            double sum = 0;
            for (int o = 0; o < 7; ++o)
                sum += w.at(0, o, i) * dz.at(lane, o);
            return sum;
        });
    });
}

TEST_CASE("the input gradients of pools overwrite dx or add to it") {
    for_all_kinds([]<class E, Store How>(E, std::integral_constant<Store, How>) {
        const auto share = [](int, int, int, int, int, int, auto&, auto&) { return 0.25; };
        check_pool<ln::AvgPool<2, 2>, E, How, ln::Shape<3, 5, 7>>(share);
        check_pool<ln::AvgPool<2, 1>, E, How, ln::Shape<2, 5, 7>>(share); // windows overlap
        check_pool<ln::AvgPool<ln::size{1, 4}, ln::size{2, 3}, ln::pad{0, 0, 2, 3}>, E, How,
                   ln::Shape<2, 5, 7>>(share);
        check_pool<ln::AvgPool<2, 2, ln::pad{1, 0, 0, 1}>, E, How, ln::Shape<3, 5, 7>>(share); // they tile it
        const auto of_first_maximum = [](int lane, int c, int i, int j, int u, int v, auto& x, auto& y) {
            for (int k = 0; k < u * 2 + v; ++k)
                if (!(x.at(lane, c, i * 2 + k / 2, j * 2 + k % 2) < y.at(lane, c, i, j)))
                    return 0.0;
            return x.at(lane, c, i * 2 + u, j * 2 + v) < y.at(lane, c, i, j) ? 0.0 : 1.0;
        };
        check_pool<ln::MaxPool<2, 2>, E, How, ln::Shape<3, 5, 7>>(of_first_maximum);
    });
}

namespace {

struct Square : ln::Elementwise<Square> {
    static constexpr auto value(auto x) { return x * x; }
    static constexpr auto slope_of_input(auto x) { return x + x; }
};

} // namespace

TEST_CASE("the input gradients of layers that do not mix elements overwrite dx or add to it") {
    for_all_kinds([]<class E, Store How>(E, std::integral_constant<Store, How>) {
        using In = ln::Shape<3, 5, 7>;
        using Flat = ln::Shape<105>;
        Values<E, In> x{1}, y, dy{2}, dx{3}, before{3};
        ln::ReLU{}.forward(x.view(), 0, y.view());
        ln::ReLU{}.input_gradient<How>(x.view(), y.view(), dy.view(), 0, dx.view());
        require_gradient<How>(dx, before, [&](int lane, int c, int i, int j) {
            return y.at(lane, c, i, j) > 0 ? dy.at(lane, c, i, j) : 0;
        });

        // With slopes that are whole numbers, here from the input.
        Values<E, In> dx_of_prelu{3};
        Values<ln::scalar_of<E>, ln::Shape<3>> slopes{2};
        const typename ln::parameters_of<ln::PReLU<3>, In, ln::scalar_of<E>>::type p{slopes.view()};
        ln::PReLU<3>{}.input_gradient<How>(x.view(), y.view(), dy.view(), p, dx_of_prelu.view());
        require_gradient<How>(dx_of_prelu, before, [&](int lane, int c, int i, int j) {
            const double slope = x.at(lane, c, i, j) > 0 ? 1 : static_cast<double>(slopes.view()[c]);
            return slope * dy.at(lane, c, i, j);
        });
        Values<E, In> dx_of_square{3};
        Square{}.input_gradient<How>(x.view(), y.view(), dy.view(), 0, dx_of_square.view());
        require_gradient<How>(dx_of_square, before, [&](int lane, int c, int i, int j) {
            return 2 * x.at(lane, c, i, j) * dy.at(lane, c, i, j);
        });

        Values<E, In> dx_of_flatten{4}, there{4};
        Values<E, Flat> flat{5};
        ln::Flatten::input_gradient<How>(x.view(), flat.view(), flat.view(), 0, dx_of_flatten.view());
        require_gradient<How>(dx_of_flatten, there, [&](int lane, int c, int i, int j) {
            return flat.at(lane, (c * 5 + i) * 7 + j);
        });

        // Whole numbers, though they are no probabilities: y (dy - sum of y dy).
        Values<E, In> dx_of_softmax{3};
        ln::Softmax::input_gradient<How>(x.view(), y.view(), dy.view(), 0, dx_of_softmax.view());
        double dot[ln::lanes_of<E>] = {};
        for (int lane = 0; lane < ln::lanes_of<E>; ++lane)
            for (int i = 0; i < In::size; ++i)
                dot[lane] += static_cast<double>(ln::lane(y.view()[i], lane) * ln::lane(dy.view()[i], lane));
        require_gradient<How>(dx_of_softmax, before, [&](int lane, int c, int i, int j) {
            return y.at(lane, c, i, j) * (dy.at(lane, c, i, j) - dot[lane]);
        });
    });
}

namespace {

/// The context of a pass, with its epilogue.
template <class F>
struct Pass {
    F after;
};

/// What the layer computes with an epilogue that adds the element of r, against its sums and r.
template <class L, class E, class In, ln::Order O, class Out = typename L::template output<In>>
void check_epilogue(auto forward) {
    using T = ln::scalar_of<E>;
    constexpr ln::Order out_order = Out::rank == 3 ? O : ln::Order::planes;
    Values<E, In, 1, O> x{1};
    ln::kernels::fill_halo_with_zeros(x.view());
    Values<T, typename L::template weight<In>> w{2};
    Values<T, typename L::template bias<In>> bias{3};
    Values<E, Out, 0, out_order> sums, results, r{4};
    struct {
        ln::View<T, typename L::template weight<In>> weight;
        ln::View<T, typename L::template bias<In>> bias;
    } const p{w.view(), bias.view()};
    forward(x.view(), p, sums.view(), [](auto e, auto...) { return e; });
    forward(x.view(), p, results.view(), [&](auto e, auto... at) {
        return e + ln::kernels::one::element_at<decltype(e)>(r.view(), at...);
    });
    for (int i = 0; i < Out::size; ++i)
        for (int lane = 0; lane < ln::lanes_of<E>; ++lane)
            REQUIRE(static_cast<double>(ln::lane(results.view()[i], lane)) ==
                    static_cast<double>(ln::lane(E(sums.view()[i] + r.view()[i]), lane)));
}

template <class E, ln::Order O>
void check_epilogues() {
    const auto conv = [](auto x, auto p, auto y, auto f) {
        ln::Conv<5, 3, 1, 1>{}.forward(x, p, y, Pass<decltype(f)>{f});
    };
    check_epilogue<ln::Conv<5, 3, 1, 1>, E, ln::Shape<3, 7, 9>, O>(conv);
    const auto wide = [](auto x, auto p, auto y, auto f) {
        ln::Conv<35, 3, 1, 1>{}.forward(x, p, y, Pass<decltype(f)>{f});
    };
    check_epilogue<ln::Conv<35, 3, 1, 1>, E, ln::Shape<2, 3, 5>, O>(wide);
    const auto pooled = [](auto x, auto p, auto y, auto f) {
        ln::Conv<35, 3, 1, 1>::forward_pooled<2>(x, p, y, 0, f);
    };
    check_epilogue<ln::Conv<35, 3, 1, 1>, E, ln::Shape<2, 7, 9>, O, ln::Shape<35, 3, 4>>(pooled);
}

template <class E, int Outputs>
void check_dense_epilogue() {
    const auto dense = [](auto x, auto p, auto y, auto f) {
        Values<E, ln::Shape<2, 3, 5>> flat;
        ln::kernels::copy(x, flat.view());
        ln::Dense<Outputs>::forward(flat.view(), p, y, Pass<decltype(f)>{f});
    };
    check_epilogue<ln::Dense<Outputs>, E, ln::Shape<2, 3, 5>, ln::Order::planes>(dense);
}

} // namespace

TEST_CASE("epilogues are called with the indices of the result, for packs of samples and for one sample") {
    check_epilogues<ln::pack<float>, ln::Order::planes>();
    check_epilogues<double, ln::Order::planes>();
    check_epilogues<float, ln::Order::channels_last>();
    check_epilogues<double, ln::Order::channels_last>();
    check_dense_epilogue<ln::pack<double>, 29>();
    check_dense_epilogue<float, 29>();
    check_dense_epilogue<float, 3>();
    check_dense_epilogue<double, 35>();
}

TEST_CASE("the parameters' gradient of a 1x1 convolution is the sum over all blocks of a large image") {
    using E = ln::pack<float>;
    constexpr int C = 5, F = 6, H = 91, W = 80;
    Values<E, ln::Shape<C, H, W>> x{1};
    Values<E, ln::Shape<F, H, W>> dz{2};
    using Window = ln::kernels::Window<ln::kernels::RunTimeWindow{1, 1, 1, 1}>;
    using DZ = decltype(dz.view());
    static_assert(ln::kernels::rows_of_block<decltype(x.view()), DZ, Window>() < H / 2);
    float dw[C][F], db[F];
    const auto add = [&](bool overwrite) {
        ln::kernels::conv_parameter_gradient(x.view(), dz.view(), &dw[0][0], &db[0], Window{}, overwrite);
    };
    add(true);
    add(false);
    for (int o = 0; o < F; ++o) {
        double of_bias = 0, of_weight[C] = {};
        for (int lane = 0; lane < ln::lanes_of<E>; ++lane)
            for (int i = 0; i < H; ++i)
                for (int j = 0; j < W; ++j) {
                    const double g = dz.at(lane, o, i, j);
                    of_bias += g;
                    for (int c = 0; c < C; ++c)
                        of_weight[c] += g * x.at(lane, c, i, j);
                }
        CHECK(static_cast<double>(db[o]) == 2 * of_bias);
        for (int c = 0; c < C; ++c)
            CHECK(static_cast<double>(dw[c][o]) == 2 * of_weight[c]);
    }
}

TEST_CASE("map_part: a share of each image of a sequence so long that an int does not hold its square") {
    constexpr int images = 65'536;
    std::vector<float> whole(2 * images), part(images);
    for (int t = 0; t < images; ++t)
        part[static_cast<std::size_t>(t)] = static_cast<float>(t + 1);
    ln::kernels::map_part(ln::View<float, ln::Sequence<images, ln::Shape<2, 1, 1>>>{whole.data()}, 1,
                          ln::View<const float, ln::Sequence<images, ln::Shape<1, 1, 1>>>{part.data()},
                          [](float& to, float from) { to = from; });
    for (const int t : {0, 1, 46'341, images - 1}) {
        CHECK(whole[static_cast<std::size_t>(2 * t)] == 0);
        CHECK(whole[static_cast<std::size_t>(2 * t + 1)] == static_cast<float>(t + 1));
    }
}
