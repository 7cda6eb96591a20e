// What is trained, how, and to which accuracy.
#pragma once

namespace accuracy {

struct Recipe {
    const char* network;
    int epochs;
    double learning_rate; ///< of the first step; it falls to 0 along half a cosine
    double target;        ///< accuracy: a share of the test images
};

inline constexpr Recipe card{"card", 15, 0.02, 0.9};
inline constexpr Recipe resnet8{"resnet8", 12, 0.1, 0.925}; // the demonstration has two epochs fewer

inline constexpr double momentum = 0.9;
inline constexpr int batch = 64;

} // namespace accuracy
