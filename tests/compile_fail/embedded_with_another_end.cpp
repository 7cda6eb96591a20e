// Embedded parameters of a network without the ReLU at its end.
// LINES: 26
// EXPECT: ::were_trained_with_another_layer<1>
#include <lamina/core.hpp>
#include <lamina/io/embedded.hpp>

namespace ln = lamina;

// What a header that `embed` wrote holds.
inline constexpr ln::Embedded<float, 32, 1> digits{{3}, {"Dense<2>"}, {}};

#ifdef SHOULD_NOT_COMPILE
using Model = ln::Model<ln::Net<ln::Dense<2>, ln::ReLU>, ln::Shape<3>>;
#else
using Model = ln::Model<ln::Net<ln::Dense<2>, ln::Softmax>, ln::Shape<3>>;
#endif
constexpr Model model = ln::with_embedded<Model, digits>();
