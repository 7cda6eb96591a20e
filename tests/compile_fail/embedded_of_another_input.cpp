// Embedded parameters of a network on another input.
// LINES: 26
// EXPECT: with another input, number type or number of parameters
#include <lamina/core.hpp>
#include <lamina/io/embedded.hpp>

namespace ln = lamina;

// What a header that `embed` wrote holds.
inline constexpr ln::Embedded<float, 32, 1> digits{{4}, {"Dense<2>"}, {}};

#ifdef SHOULD_NOT_COMPILE
using Model = ln::Model<ln::Net<ln::Dense<2>>, ln::Shape<3>>;
#else
using Model = ln::Model<ln::Net<ln::Dense<2>>, ln::Shape<4>>;
#endif
constexpr Model model = ln::with_embedded<Model, digits>();
