// A checkpoint of an optimiser whose state has an array of integers.
// EXPECT: array_of_state<.*>::is_of_neither_float_nor_double
// LINES: 25
// EXPECT: checkpoints: an array of an optimiser's state is of float or double
#include <lamina/lamina.hpp>
namespace ln = lamina;

struct Counting {
    double learning_rate = 0.1;

#ifdef SHOULD_NOT_COMPILE
    using Count = int;
#else
    using Count = double;
#endif
    template <class T, int Extent>
    struct State {
        Count steps[Extent] = {};

        static void fields(auto& state, auto f) { f("steps", state.steps); }
    };
    template <class T, int Extent>
    void update(T* p, const T* g, State<T, Extent>& state, double rate) const noexcept {
        for (int i = 0; i < Extent; ++i) {
            ++state.steps[i];
            p[i] -= static_cast<T>(rate) * g[i];
        }
    }
};

int main() {
    ln::Model<ln::Net<ln::Dense<2>>, ln::Shape<4>> model{ln::seed{1}};
    ln::Trainer trainer{model, ln::MeanSquaredError{}, Counting{}};
    ln::save_checkpoint(trainer, {}, "run.checkpoint");
}
