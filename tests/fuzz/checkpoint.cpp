// The checkpoint reader on any bytes. What is loaded is saved again, and must give the same bytes.
#include "checksum.hpp"

#include <lamina/io/checkpoint.hpp>
#include <lamina/layers/dense.hpp>
#include <lamina/losses/mean_squared_error.hpp>
#include <lamina/optimizers/adam.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Dense<2>>, ln::Shape<2>>;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    Model model{ln::seed{1}}, other;
    ln::Trainer trainer{model, ln::MeanSquaredError{}, ln::Adam{}},
        again{other, ln::MeanSquaredError{}, ln::Adam{}};
    static const auto before = ln::save_checkpoint(trainer, {});
    const auto file = with_right_checksum(std::as_bytes(std::span{bytes, size}));
    try {
        const ln::RunPosition position = ln::load_checkpoint(trainer, file);
        const auto saved = ln::save_checkpoint(trainer, position);
        if (ln::save_checkpoint(again, ln::load_checkpoint(again, saved)) != saved)
            std::abort();
    } catch (const ln::format_error&) {
        if (ln::save_checkpoint(trainer, {}) != before)
            std::abort(); // a failed load leaves model and optimiser alone
    }
    return 0;
}
