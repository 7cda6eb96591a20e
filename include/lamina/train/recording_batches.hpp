// The batches of a run on recordings, and what goes on from one window to the next.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/pack.hpp>
#include <lamina/train/batches.hpp>
#include <lamina/train/recorded_windows.hpp>
#include <lamina/train/training_memory.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::detail {

/// The windows of a batch, by the last one of each sample. Each pack of them has one state more than a sample
/// has windows. A window reads one and writes the next; so the same windows can be computed again. If there
/// are several windows, the gradients of what is carried are behind the states.
template <class Model, int Windows>
class CarriedWindows {
    using E = pack<typename Model::scalar>;
    static constexpr std::size_t extent{topology::carried_plan<typename Model::plan, false>.extent};

  public:
    static constexpr int windows = Windows;
    static constexpr std::size_t states = std::size_t{Windows + 1}, memory = states + (Windows > 1 ? 1 : 0);

    CarriedWindows(const data::Recordings<Model, Windows>& data, E* all, int burn_in,
                   std::size_t row) noexcept
        : data_{&data}, all_{all}, burn_in_{burn_in}, row_{row} {}

    [[nodiscard]] std::size_t size() const noexcept { return data_->window_count(); }
    void inputs(const auto& of, auto x) const noexcept { data_->inputs(of, x); }
    void targets(const auto& of, auto t) const noexcept { data_->targets(of, t); }

    /// How many windows pass before the last ones of the batch.
    [[nodiscard]] int before() const noexcept { return burn_in_ + Windows - 1; }
    /// Makes the windows of a pack those so many before, or the first of their recordings, and gives the pass
    /// the state that they begin with.
    template <class Pass>
    void enter(Pass& pass, int p, auto& of, int before_last) const noexcept {
        const std::size_t back = static_cast<std::size_t>(before_last);
        std::uint32_t since[std::size_t{lanes_of<E>}]; // the recording's beginning
        for (std::size_t r = 0; r < std::size_t{lanes_of<E>}; ++r) {
            since[r] = of[r] - static_cast<std::uint32_t>(data_->first_of_recording(of[r]));
            of[r] -= since[r] < back ? since[r] : static_cast<std::uint32_t>(back);
        }
        if constexpr (extent > 0) {
            E* const own = all_ + memory * extent * static_cast<std::size_t>(p);
            // Counted from a multiple of `states`, so that it is not negative.
            const std::size_t number = (row_ + std::size_t{1}) * std::size_t{Windows} +
                                       static_cast<std::size_t>(burn_in_) * states - back;
            E *const from = own + number % states * extent, *const to = own + (number + 1) % states * extent;
            const bool all_begin = row_ == 0 && before_last == before();
            for (int r = 0; r < lanes_of<E>; ++r)
                if (since[r] <= back && !all_begin) // a recording begins with this window
                    for (std::size_t k = 0; k < extent; ++k)
                        from[k].set(r, 0);
            E* const gradients = Windows > 1 ? own + states * extent : nullptr;
            if (Windows > 1 && before_last == 0)
                for (std::size_t k = 0; k < extent; ++k)
                    gradients[k] = E(0);
            pass.carry(all_begin ? nullptr : from, to, gradients);
        }
    }

  private:
    const data::Recordings<Model, Windows>* data_;
    E* all_;
    int burn_in_;
    std::size_t row_; ///< how many samples of a stretch came before
};

/// The batches of recordings: of samples in random order, or each the next samples of stretches that run side
/// by side. Samples are called by their last window.
template <class Model, int Windows>
class Batches<Model, data::Recordings<Model, Windows>> {
    using E = pack<typename Model::scalar>;
    static constexpr std::size_t extent{topology::carried_plan<typename Model::plan, false>.extent};

  public:
    Batches(const data::Recordings<Model, Windows>& data, std::size_t samples, int batch, seed start)
        : data_{data}, batch_{static_cast<std::size_t>(batch)}, seed_{start}, order_(samples),
          states_(CarriedWindows<Model, Windows>::memory * extent * ((batch_ + lanes - 1) / lanes)) {}
    /// To be called before the first epoch. `burn_in` is a number of steps.
    void carry(int burn_in, bool carries_state) {
        burn_in_ = burn_in / data_.steps + (burn_in % data_.steps != 0 ? 1 : 0);
        carries_ = carries_state;
    }

    [[nodiscard]] int epoch() const noexcept { return epoch_; }
    [[nodiscard]] std::size_t samples() const noexcept { return order_.size(); }
    [[nodiscard]] std::size_t batch_size() const noexcept { return batch_; }
    [[nodiscard]] std::size_t count() const noexcept { return (samples() + batch_ - 1) / batch_; }
    [[nodiscard]] std::size_t last_of_epoch() const noexcept { return (samples() - 1) / batch_ * batch_; }
    [[nodiscard]] std::size_t samples_from(std::size_t first) const noexcept {
        return samples() - first < batch_ ? samples() - first : batch_;
    }
    void begin_epoch(int epoch) {
        if (epoch_ == epoch || (carries_ && epoch_ > 0)) {
            epoch_ = epoch;
            return;
        }
        if (carries_)
            order_stretches();
        else
            shuffle(order_, seed_, epoch - 1);
        for (std::uint32_t& sample : order_)
            sample = data_.last_window(sample);
        epoch_ = epoch;
    }
    auto with_batch(std::size_t first, auto f) {
        return f(CarriedWindows<Model, Windows>{data_, states_.data(), burn_in_of(first), row_of(first)},
                 std::span<const std::uint32_t>{order_.data() + first, samples_from(first)});
    }

    /// Keeps the states that a batch begins with, and brings them back.
    void keep_states() { kept_ = states_; }
    void bring_back_states() {
        if (!kept_.empty())
            states_ = kept_;
    }

  private:
    static constexpr std::size_t lanes = native_lanes<typename Model::scalar>;

    [[nodiscard]] std::size_t row_of(std::size_t first) const noexcept {
        return carries_ ? first / batch_ : 0;
    }
    [[nodiscard]] int burn_in_of(std::size_t first) const noexcept {
        return row_of(first) > 0 ? 0 : burn_in_;
    }
    /// A batch has the next window of each stretch. All stretches are as long, or one window longer: these
    /// come first, so that only the last batch is smaller.
    void order_stretches() {
        const std::size_t shortest = samples() / batch_, longer = samples() % batch_;
        for (std::size_t i = 0; i < samples(); ++i) {
            const std::size_t stretch = i % batch_;
            order_[i] = static_cast<std::uint32_t>(stretch * shortest +
                                                   (stretch < longer ? stretch : longer) + i / batch_);
        }
    }

    const data::Recordings<Model, Windows>& data_;
    std::size_t batch_;
    seed seed_;
    std::vector<std::uint32_t> order_;
    std::vector<E> states_, kept_;
    int burn_in_ = 0, epoch_ = 0;
    bool carries_ = false;
};

} // namespace lamina::inline LAMINA_ABI::detail

LAMINA_END_IEEE
