// A network with more parameters than an int can count.
// EXPECT: layer<1, lamina::Dense<40000> ?>::parameters<32000[0-9]+>::are_too_many
// EXPECT: at most 2,147,483,647 parameters
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
constexpr int width = 40000;
#else
constexpr int width = 500;
#endif
using Model = ln::Model<ln::Net<ln::Dense<width>, ln::Dense<width>>, ln::Shape<width>>;

static_assert(Model::output_shape::size > 0);
