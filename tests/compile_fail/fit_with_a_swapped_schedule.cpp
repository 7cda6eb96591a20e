// A schedule with its two arguments swapped.
// EXPECT: schedule<.*>::is_not_one
// EXPECT: a schedule takes the learning rate \(a double\), the number of steps before and, optionally, of all steps
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Dense<10>>, ln::Shape<12>>;

void train(Model& model, const ln::data::Images& images) {
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
#ifdef SHOULD_NOT_COMPILE
    ln::fit(trainer, images, {.schedule = [](std::int64_t t, double rate) { return rate / double(1 + t); }});
#else
    ln::fit(trainer, images, {.schedule = [](double rate, std::int64_t t) { return rate / double(1 + t); }});
#endif
}
