// A layer whose name begins with a digit.
// EXPECT: layer<1, lamina::Named<.*lamina::Dense<10> ?> ?>::has_a_name_that_is_no_word
// EXPECT: a Named layer has a name of letters, digits, _ and -, which does not begin with a digit
#include <lamina/core.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Last = ln::Named<"2nd", ln::Dense<10>>;
#else
using Last = ln::Named<"second", ln::Dense<10>>;
#endif
using Model = ln::Model<ln::Net<ln::Dense<16>, Last>, ln::Shape<12>>;

float first(const Model& model) {
    return model.forward({})[0];
}
