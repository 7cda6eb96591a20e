// Three numbers.
#pragma once

#include <cmath>

namespace quadrotor {

struct Vector {
    float x = 0, y = 0, z = 0;

    friend constexpr Vector operator+(Vector a, Vector b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
    friend constexpr Vector operator-(Vector a, Vector b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
    friend constexpr Vector operator*(float s, Vector a) { return {s * a.x, s * a.y, s * a.z}; }
};

[[nodiscard]] constexpr float dot(Vector a, Vector b) {
    return a.x * b.x + a.y * b.y + a.z * b.z;
}
[[nodiscard]] constexpr Vector cross(Vector a, Vector b) {
    return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
/// Element by element.
[[nodiscard]] constexpr Vector scaled(Vector a, Vector b) {
    return {a.x * b.x, a.y * b.y, a.z * b.z};
}
[[nodiscard]] inline float length(Vector a) {
    return std::sqrt(dot(a, a));
}

} // namespace quadrotor
