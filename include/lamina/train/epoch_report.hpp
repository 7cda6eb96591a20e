// EpochReport: the figures of an epoch, and the lines that `fit` prints.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/math/finite.hpp>
#include <lamina/math/functions.hpp>
#include <lamina/train/early_stopping.hpp>
#include <lamina/train/evaluate.hpp>
#include <lamina/train/progress.hpp>

#include <cstdio>
#include <string>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {

/// The figures of an epoch, which `fit` gives to `on_epoch`. `loss` is the sum over batches of mean loss
/// times number of samples, over the number of all samples, as PyTorch's training loops compute it: with
/// `class_weights` it is not quite the weighted mean of the epoch.
struct EpochReport {
    int epoch = 0;            ///< from 1
    int epochs = 0;           ///< number of epochs of the run
    double loss = 0;          ///< mean over the epoch's samples, each before its step
    double learning_rate = 0; ///< of the last step
    double seconds = 0;       ///< of training, without validation
    double samples_per_second = 0;
    Metrics validation; ///< empty (no samples) without validation data
};

namespace detail {

/// "epoch 2/5  loss 0.4321  validation loss 0.5000  accuracy 0.8750  98765 samples/s  1:01"
[[nodiscard]] inline std::string epoch_line(const EpochReport& r) {
    const auto fixed = [](double number, int digits) {
        char text[330]; // the longest number has 309 digits before the point
        std::snprintf(text, sizeof text, "%.*f", digits, number);
        return std::string{text};
    };
    std::string line =
        "epoch " + std::to_string(r.epoch) + '/' + std::to_string(r.epochs) + "  loss " + loss_text(r.loss);
    if (r.validation.samples > 0)
        line += "  validation loss " + loss_text(r.validation.loss);
    if (is_finite(r.validation.accuracy))
        line += "  accuracy " + fixed(r.validation.accuracy, 4);
    return line + "  " + fixed(r.samples_per_second, 0) + " samples/s  " + clock_text(r.seconds) + '\n';
}

/// The text for a run that ended early, has the parameters of an earlier epoch, or had already ended when it
/// was to be resumed (`before`); otherwise empty.
[[nodiscard]] inline std::string end_line(const FitReport& r, Patience patience, bool before) {
    const bool took_best = patience.epochs > 0 && r.best_epoch > 0;
    if (!before && r.ended == Ended::all_epochs && (!took_best || r.best_epoch == r.epochs))
        return {};
    std::string line = before ? "had ended after epoch " : "ended after epoch ";
    line += std::to_string(r.epochs);
    line += r.ended == Ended::patience ? " by patience" : r.ended == Ended::on_epoch ? " by on_epoch" : "";
    if (took_best)
        line += ", with the parameters of epoch " + std::to_string(r.best_epoch) +
                (patience.metric == Metric::loss ? ": validation loss " : ": accuracy ") + loss_text(r.best);
    if (before)
        line += r.ended == Ended::patience ? "; to go on, ask for more patience"
                                           : "; to go on, ask for more epochs than before";
    return line + '\n';
}

/// Reports that the training loss does not fall, or that the first epoch's is far above that of guessing one
/// of a number of classes. It reports one of them, once, and the first only while the loss has fallen by less
/// than a tenth since the first epoch: later it rises and falls by chance.
class LossWatch {
  public:
    /// The text to print after an epoch, usually empty.
    [[nodiscard]] std::string after(const EpochReport& r, int classes = 0) {
        const double before = before_;
        before_ = r.loss;
        if (r.epoch == 1)
            first_ = r.loss;
        double guessing = 0; // the cross entropy of equal probabilities
        if (classes > 1)
            guessing = log(static_cast<double>(classes));
        const bool is_far = r.epoch == 1 && classes > 1 && r.loss > 10 * guessing;
        if (told_ || (!is_far && (r.epoch == 1 || !(r.loss >= before && r.loss > 0.9 * first_))))
            return {};
        told_ = true;
        char rate[32];
        std::snprintf(rate, sizeof rate, "%g", r.learning_rate);
        if (is_far)
            return "the training loss of epoch 1 (" + loss_text(r.loss) +
                   ") is far above that of guessing (" + loss_text(guessing) +
                   "). Try inputs scaled to about -1 to 1, or another learning rate (" + rate + ")\n";
        return "the training loss has not fallen in epoch " + std::to_string(r.epoch) + " (" +
               loss_text(r.loss) + " after " + loss_text(before) + "). Try another learning rate (" + rate +
               "), inputs scaled to about -1 to 1; check that labels go with their inputs\n";
    }

  private:
    double first_ = not_a_number<double>(), before_ = not_a_number<double>(); ///< of a resumed run not known
    bool told_ = false;
};

} // namespace detail

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
