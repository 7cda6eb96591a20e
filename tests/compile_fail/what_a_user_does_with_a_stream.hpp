// All a user does with a `Stream`: of one that has a problem, none of it may add an error to it.
#pragma once

#include <cstdio>

#if !defined(STREAM)
    #define STREAM ln::Stream<Model>
#endif

inline float hear(float* sound, int count) {
    const Model model{ln::seed{42}};
    STREAM stream{model};
    static_assert(decltype(stream)::receptive_field >= 1 && decltype(stream)::latency == 0);
    const auto before = stream.state();
    const float y = stream.step(0.5F) + stream.step(STREAM::Input{})[0];
    const std::span<float> some{sound, static_cast<std::size_t>(count)};
    stream.block(some, some);
    const std::vector<STREAM::Input> xs(3);
    std::vector<STREAM::Output> ys(3);
    stream.block(xs, ys);
    stream.restore(before);
    stream.reset();
    std::printf("%zu", STREAM::bytes);
    return y;
}
