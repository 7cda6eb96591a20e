// fit: trains a model on a data set, epoch after epoch.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/problem/training.hpp>
#include <lamina/train/early_stopping.hpp>
#include <lamina/train/fit_options.hpp>
#include <lamina/train/run.hpp>
#include <lamina/train/training_data.hpp>

#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {

/// Trains the trainer's model on all of `data` for `epochs` epochs, or until it is stopped early, and returns
/// how the run ended.
///
/// Throws `data_error` if the data do not fit the model or have no samples; `std::invalid_argument` for
/// options, settings of the optimiser or rates of the schedule that are not allowed; `training_error` if the
/// loss or a parameter is no longer finite, or if all weights of two or more layers are zero, as without a
/// seed, because nothing would be learnt; and what `checkpoints` throw.
///
/// If the loss or a parameter is no longer finite, model and optimiser return to the last step whose loss and
/// parameters were finite, so that training can continue with a smaller rate. After any other error, trainer
/// and model are as the last step left them, or unchanged before the first step.
template <class Trainer, class Data>
FitReport fit(Trainer& trainer, const Data& data,
              const std::type_identity_t<FitOptions<Data>>& options = {}) {
    if constexpr (!requires { typename Trainer::model_type; })
        static_assert(sizeof(typename problem::trainer<Trainer>::is_not_one) > 0);
    else if constexpr (!Broken<Trainer>) {
        using Model = typename Trainer::model_type;
        using Loss = decltype(trainer.loss);
        require_data_of<Model, Loss, Data>();
        if constexpr (data_fit<Model, Loss, Data>)
            return detail::Run<Trainer, Data>{trainer, data, options}.train();
    }
    return {};
}

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
