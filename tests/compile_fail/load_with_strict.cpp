// An option of `load` under the name that PyTorch gives it.
// EXPECT: strict<bool>::is_no_option
// EXPECT: load has \.ignore = .* for tensors that only the file has
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Dense<10>>, ln::Shape<12>>;

void load(Model& model) {
#ifdef SHOULD_NOT_COMPILE
    ln::load(model, "digits.safetensors", {.strict = false});
#else
    ln::load(model, "digits.safetensors", {.keep = {"0"}});
#endif
}
