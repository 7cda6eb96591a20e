// A layer that gathers statistics of the batch, but cannot merge those of two parts of it.
// EXPECT: layer<1, Centred>::gathers_but_lacks<lamina::problem::merge>
// EXPECT: a layer with statistics of the batch has gathered<In>, gathered_gradient<In>, double gather
#include <lamina/core.hpp>

namespace ln = lamina;

struct Centred {
    static constexpr const char* name = "Centred";
    template <class In>
    using output = In;
    template <class In>
    struct gathered {
        ln::View<double, ln::Shape<1>> sum;
        static constexpr void fields(auto& list, auto f) { f("sum", list.sum); }
    };
    template <class In>
    using gathered_gradient = gathered<In>;

    static constexpr double gather(auto x, int samples, auto own) {
        own.sum[0] = 0;
        for (int i = 0; i < x.size; ++i)
            for (int s = 0; s < samples; ++s)
                own.sum[0] += static_cast<double>(x[i]);
        return samples * x.size;
    }
#ifndef SHOULD_NOT_COMPILE
    static constexpr double merge(double count, auto own, double more_count, auto more) {
        own.sum[0] += more.sum[0];
        return count + more_count;
    }
#endif
    static constexpr void finish(double count, auto all, auto /*kept*/) { all.sum[0] /= count; }
    static constexpr void gather_gradient(auto, auto, auto, auto own) { own.sum[0] = 0; }
    static constexpr void forward(auto x, auto, auto y) {
        for (int i = 0; i < x.size; ++i)
            y[i] = x[i];
    }
    static constexpr void input_gradient(auto, auto, auto dy, auto, auto dx) {
        for (int i = 0; i < dx.size; ++i)
            dx[i] = dy[i];
    }
};

ln::Model<ln::Net<ln::Dense<10>, Centred>, ln::Shape<12>> model;
