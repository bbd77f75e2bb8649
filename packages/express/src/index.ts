export { lateen, lateenErrors } from './lateen.ts';
