// A layer whose list of tensors is copied by its `fields`.
// EXPECT: layer<1, Shifted>::list<.*Shifted::trained<.*Shape<10> ?, float> ?>::has_no_fields
// EXPECT: a list of tensors needs a `static constexpr void fields\(auto& list, auto f\)`
#include <lamina/core.hpp>

namespace ln = lamina;

struct Shifted {
    static constexpr const char* name = "Shifted";
    template <class In>
    using output = In;
    template <class In, class T>
    struct trained {
        ln::View<T, In> shift;
#ifdef SHOULD_NOT_COMPILE
        static constexpr void fields(auto list, auto f) { f("shift", list.shift, ln::initial::constant{0}); }
#else
        static constexpr void fields(auto& list, auto f) { f("shift", list.shift, ln::initial::constant{0}); }
#endif
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
