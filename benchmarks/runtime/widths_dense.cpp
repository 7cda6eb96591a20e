// Two dense layers, as many outputs as inputs.
#include "add_width.hpp"
#include "widths.hpp"

namespace bench {
namespace {

template <int... Width>
void add_all() {
    (add_width<ln::Model<ln::Net<ln::Dense<Width>, ln::ReLU, ln::Dense<Width>>, ln::Shape<Width>>>("dense",
                                                                                                   Width),
     ...);
}

} // namespace

void add_dense_widths() {
    add_all<4, 8, 16, 32, 64, 128, 256>();
}

} // namespace bench
