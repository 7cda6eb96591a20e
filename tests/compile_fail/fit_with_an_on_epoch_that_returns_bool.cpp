// An `on_epoch` that returns true to stop.
// EXPECT: on_epoch<.*>::is_not_one
// EXPECT: on_epoch takes a const ln::EpochReport&, and returns nothing or ln::stop_if\(condition\)
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Dense<10>>, ln::Shape<12>>;

void train(Model& model, const ln::data::Images& images) {
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
#ifdef SHOULD_NOT_COMPILE
    ln::fit(trainer, images, {.on_epoch = [](const ln::EpochReport& r) { return r.loss < 0.1; }});
#else
    ln::fit(trainer, images,
            {.on_epoch = [](const ln::EpochReport& r) { return ln::stop_if(r.loss < 0.1); }});
#endif
}
