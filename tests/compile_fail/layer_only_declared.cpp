// A layer whose header is not included.
// EXPECT: layer<1, .*Tanh>::is_only_declared
// EXPECT: include its header
#include <lamina/layers/dense.hpp>
#include <lamina/model.hpp>
#ifndef SHOULD_NOT_COMPILE
    #include <lamina/layers/tanh.hpp>
#endif

namespace ln = lamina;

ln::Model<ln::Net<ln::Dense<10>, ln::Tanh>, ln::Shape<12>> model;
