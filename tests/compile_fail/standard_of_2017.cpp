// A program compiled as C++17.
// FLAGS: -std=c++17
// EXPECT: lamina needs C\+\+20: compile with -std=c\+\+20
#include <lamina/lamina.hpp>

namespace ln = lamina;

ln::Model<ln::Net<ln::Dense<10>>, ln::Shape<12>> model;
