// A layer with a trained tensor that is no View.
// EXPECT: layer<1, Shifted>::list<.*Shifted::trained<.*Shape<10> ?, float> ?>::has_a_field_that_is_no_view_of<float>
// EXPECT: a View<T, Shape<...>> of the list's own T
#include <lamina/core.hpp>

namespace ln = lamina;

struct Shifted {
    static constexpr const char* name = "Shifted";
    template <class In>
    using output = In;
    template <class In, class T>
    struct trained {
#ifdef SHOULD_NOT_COMPILE
        ln::Tensor<T, In> shift;
#else
        ln::View<T, In> shift;
#endif
        static constexpr void fields(auto& list, auto f) { f("shift", list.shift, ln::initial::constant{0}); }
    };
    static constexpr void forward(auto x, auto p, auto y) {
        for (int i = 0; i < x.size; ++i)
            y[i] = x[i] + p.shift[i];
    }
    static constexpr void input_gradient(auto, auto, auto dy, auto, auto dx) {
        for (int i = 0; i < dx.size; ++i)
            dx[i] = dy[i];
    }
    static constexpr void parameter_gradient(auto, auto, auto dy, auto dp) {
        for (int i = 0; i < dy.size; ++i)
            dp.shift[i] += dy[i];
    }
};

ln::Model<ln::Net<ln::Dense<10>, Shifted>, ln::Shape<12>> model;
