// docs/examples/amp/nam.hpp on published files, which the repository does not have.
#include "nam_against_interpreter.hpp"

#include <wavenet.hpp>

#include <lamina/core.hpp>

#include <doctest/doctest.h>

namespace {

namespace ln = lamina;

template <class Topology>
using On = ln::Model<Topology, ln::Sequence<1, ln::Shape<1>>>;

} // namespace

TEST_CASE("nam: published files compute what the interpreter says") {
    check_against_interpreter<On<amp::Standard>>(LAMINA_NAM_MODELS "/wavenet_a1_standard.nam");
    check_against_interpreter<On<amp::A2<8>>>(LAMINA_NAM_MODELS "/A2.nam");
    check_against_interpreter<On<ln::Net<ln::LearntState<ln::LSTM<3>>, ln::Dense<1>>>>(LAMINA_NAM_MODELS
                                                                                       "/lstm.nam");
}
