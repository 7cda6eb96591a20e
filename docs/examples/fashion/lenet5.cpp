// LeNet-5, with dense layers throughout. Source: LeCun, Bottou, Bengio & Haffner, "Gradient-based learning
// applied to document recognition", Proceedings of the IEEE 86 (1998).
#include "training.hpp"

namespace fashion {

using LeNet5 = ln::Net<ln::Conv<6, 5, 1, 2>, ln::Tanh, ln::AvgPool<2, 2>, // 6x14x14
                       ln::Conv<16, 5, 1>, ln::Tanh, ln::AvgPool<2, 2>,   // 16x5x5
                       ln::Dense<120>, ln::Tanh,                          //
                       ln::Dense<84>, ln::Tanh,                           //
                       ln::Dense<10>>;

Outcome train_lenet5(const Dataset& data, const Options& options) {
    return train<ln::Model<LeNet5, ln::Shape<1, 28, 28>>>(data, options);
}

} // namespace fashion
