// The start of a run of `fit`: checks what it was given, and finds the position at which it begins.
#pragma once

#include <lamina/error.hpp>
#include <lamina/ieee.hpp>
#include <lamina/model/facts_of.hpp>
#include <lamina/train/check.hpp>
#include <lamina/train/check_data.hpp>
#include <lamina/train/early_stopping.hpp>
#include <lamina/train/fit_options.hpp>
#include <lamina/train/frozen.hpp>
#include <lamina/train/resume.hpp>
#include <lamina/train/run_position.hpp>

#include <cstddef>
#include <cstdint>
#include <stdexcept>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::detail {

/// Checks options and data; returns the number of samples.
template <class Trainer, class Data>
[[nodiscard]] std::size_t checked_samples(const Trainer& trainer, const Data& data,
                                          const FitOptions<Data>& options) {
    using Model = typename Trainer::model_type;
    const std::size_t samples = as_size(data.size());
    if (options.epochs < 0 || options.batch < 1)
        raise<std::invalid_argument>("fit: epochs must be at least 0 and batch at least 1, found epochs ",
                                     options.epochs, " and batch ", options.batch);
    if constexpr (is_recordings<Data>)
        if (options.burn_in < 0)
            raise<std::invalid_argument>("fit: burn_in must be at least 0 steps, found ", options.burn_in);
    require_l2<typename Model::scalar>(options.l2);
    require_clip_norm(options.clip_norm);
    if (const RunSaver* checkpoints = options.checkpoints;
        checkpoints != nullptr && checkpoints->trainer() != &trainer)
        raise<std::invalid_argument>("fit: its checkpoints keep another trainer than the one it trains");
    check_data(trainer.model(), trainer.loss, data);
    const Data* validation = options.validation;
    if (validation != nullptr)
        check_data(trainer.model(), trainer.loss, *validation);
    require_patience(options.patience, validation != nullptr ? as_size(validation->size()) : 0,
                     classes_told<Data>(trainer.model(), trainer.loss).classes);
    if (samples == 0 && options.epochs > 0)
        raise<data_error>("fit: at least one sample is needed, found none");
    return samples;
}

/// The position where a run begins: that of its checkpoint, or the first sample. `rate_of(iteration)` is the
/// learning rate of a step.
template <class Trainer, class Data>
[[nodiscard]] RunPosition first_position(const Trainer& trainer, const FitOptions<Data>& options,
                                         std::size_t samples, auto rate_of) {
    RunPosition first;
    first.samples = static_cast<std::int64_t>(samples);
    first.batch = options.batch;
    first.seed = options.seed.value;
    first.l2 = options.l2;
    first.clip_norm = options.clip_norm;
    first.epochs = options.epochs;
    if constexpr (is_recordings<Data>) {
        first.burn_in = options.burn_in;
        first.carry_state = options.carry_state ? 1 : 0;
    }
    RunSaver* checkpoints = options.checkpoints;
    if (checkpoints == nullptr)
        return first;
    first.frozen_at_start = frozen_text(trainer.tensors(), ModelTensors{tensors_of(trainer.model())});
    RunPosition saved = checkpoints->restore([&](const RunPosition& found) {
        check_same_run(found, first);
        if (found.iteration > 0)
            check_same_rate(found, first, rate_of(found.iteration - 1));
        check_same_patience(found, options.patience, as_size(extent_of(trainer.model())));
    });
    if (saved.samples == 0)
        return first;
    if (!stays_ended(saved, options.patience, options.epochs))
        saved.ended = 0;
    saved.epochs = options.epochs; // more may be asked for
    if (options.patience.epochs == 0)
        saved.best_parameters.clear();
    return saved;
}

} // namespace lamina::inline LAMINA_ABI::detail

LAMINA_END_IEEE
