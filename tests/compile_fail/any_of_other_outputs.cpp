// AnyOf of models whose outputs differ in shape.
// EXPECT: any_of<.*>::cannot_also_hold<
// EXPECT: all models of an AnyOf must have inputs, outputs and numbers of the same type
#include <lamina/lamina.hpp>
namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Last = ln::Dense<3>;
#else
using Last = ln::Dense<2>;
#endif

using Small = ln::Model<ln::Net<ln::Dense<2>>, ln::Shape<4>>;
using Large = ln::Model<ln::Net<ln::Dense<9>, ln::ReLU, Last>, ln::Shape<4>>;

ln::AnyOf<Small, Large> any;
