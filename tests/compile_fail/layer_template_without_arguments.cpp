// A layer template without its `<>`.
// EXPECT: expected a type, got 'LeakyReLU'|use of class template 'ln::LeakyReLU' requires template arguments
// ERRORS: 3 g\+\+
// ERRORS: 2 clang
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Model = ln::Model<ln::Net<ln::Dense<8>, ln::LeakyReLU, ln::Dense<10>>, ln::Shape<12>>;
#else
using Model = ln::Model<ln::Net<ln::Dense<8>, ln::LeakyReLU<>, ln::Dense<10>>, ln::Shape<12>>;
#endif
