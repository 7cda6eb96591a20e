// More dropped than there is.
// EXPECT: layer<1, lamina::Dropout<200> ?>::dropped_percent<200>::must_be_from_0_to_100
// EXPECT: Dropout must drop from 0 to 100 percent
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Drop = ln::Dropout<200>;
#else
using Drop = ln::Dropout<20>;
#endif
using Model = ln::Model<ln::Net<ln::Dense<64>, Drop, ln::Dense<10>>, ln::Shape<16>>;

#include "what_a_user_does.hpp"
