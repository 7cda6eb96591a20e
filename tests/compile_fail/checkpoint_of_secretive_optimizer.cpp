// A checkpoint of an optimiser whose state has no `fields`.
// EXPECT: optimizer_state<.*>::has_no_fields
// EXPECT: checkpoints: an optimiser whose State remembers something needs State::fields
#include <lamina/lamina.hpp>
namespace ln = lamina;

struct Counting {
    double learning_rate = 0.1;

    template <class T, int Extent>
    struct State {
        long steps = 0;

#ifndef SHOULD_NOT_COMPILE
        static void fields(auto& state, auto f) {
            f("steps", state.steps);
        }
#endif
    };
    template <class T, int Extent>
    void update(T* p, const T* g, State<T, Extent>& state, double rate) const noexcept {
        ++state.steps;
        for (int i = 0; i < Extent; ++i)
            p[i] -= static_cast<T>(rate) * g[i];
    }
};

int main() {
    ln::Model<ln::Net<ln::Dense<2>>, ln::Shape<4>> model{ln::seed{1}};
    ln::Trainer trainer{model, ln::MeanSquaredError{}, Counting{}};
    ln::save_checkpoint(trainer, {}, "run.checkpoint");
}
