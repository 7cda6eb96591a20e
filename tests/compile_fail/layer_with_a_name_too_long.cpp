// A layer with a name longer than a Text.
// EXPECT: layer<0, Delay<3> ?>::has_a_name_that_is_too_long
// EXPECT: holds at most 79 characters
#include <lamina/core.hpp>

namespace ln = lamina;

template <int N>
struct Delay {
#ifdef SHOULD_NOT_COMPILE
    static constexpr ln::Text name =
        ln::named("DelayOfSignalsThatComeFromTheMicrophoneAndGoToTheHeadphonesOfWhoeverIsListening", N);
#else
    static constexpr ln::Text name = ln::named("Delay", N);
#endif
    template <class In>
    using output = In;
    static constexpr void forward(auto x, auto, auto y) {
        for (int i = 0; i < x.size; ++i)
            y[i] = x[i];
    }
    static constexpr void input_gradient(auto, auto, auto dy, auto, auto dx) {
        for (int i = 0; i < dx.size; ++i)
            dx[i] = dy[i];
    }
};

ln::Model<ln::Net<Delay<3>, ln::Dense<1>>, ln::Shape<4>> model;
